import { createRequire } from "node:module";
import type { Logs } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createFilterLogEvents, filterLogEventsConstraints } from "./filter-log-events.ts";
import { createGetLogEvents, getLogEventsConstraints } from "./get-log-events.ts";
import { createLogGroupOperations, logGroupConstraints } from "./log-group.ts";
import { createLogStreamOperations, logStreamConstraints } from "./log-stream.ts";
import { createPutLogEvents, putLogEventsConstraints } from "./put-log-events.ts";

const require = createRequire(import.meta.url);

export interface LogsDependencies {
  readonly logs: Logs;
  readonly clock: { now(): Date };
}

/** CloudWatch Logs: every operation of it that Rondo answers. */
export function createLogsService(dependencies: LogsDependencies): ServiceDefinition {
  const groups = createLogGroupOperations(dependencies);
  const streams = createLogStreamOperations(dependencies);
  return {
    id: "logs",
    signingName: "logs",
    targetPrefix: "Logs_20140328",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-cloudwatch-logs") as SdkModule,
    client: "CloudWatchLogsClient",
    operations: {
      CreateLogGroup: groups.createLogGroup,
      DeleteLogGroup: groups.deleteLogGroup,
      DescribeLogGroups: groups.describeLogGroups,
      PutRetentionPolicy: groups.putRetentionPolicy,
      DeleteRetentionPolicy: groups.deleteRetentionPolicy,
      TagResource: groups.tagResource,
      UntagResource: groups.untagResource,
      ListTagsForResource: groups.listTagsForResource,
      CreateLogStream: streams.createLogStream,
      DeleteLogStream: streams.deleteLogStream,
      DescribeLogStreams: streams.describeLogStreams,
      PutLogEvents: createPutLogEvents(dependencies),
      GetLogEvents: createGetLogEvents(dependencies),
      FilterLogEvents: createFilterLogEvents(dependencies),
    },
    constraints: {
      ...logGroupConstraints,
      ...logStreamConstraints,
      ...putLogEventsConstraints,
      ...getLogEventsConstraints,
      ...filterLogEventsConstraints,
    },
    notHonoured: {
      CreateLogGroup: "kmsKeyId, logGroupClass and deletionProtectionEnabled are not stored.",
      FilterLogEvents: "Regular expressions and space-delimited patterns in filterPattern are refused.",
      PutLogEvents: "sequenceToken is ignored (as on AWS since 2023), entity is not stored.",
    },
  };
}
