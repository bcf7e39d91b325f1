import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { type LogStreamCursor, type Logs, StoreError } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { writePageToken } from "../page-token.ts";
import { logGroupArn, logGroupRef, noSuchStream, requireGroup } from "./log-group-reference.ts";
import { readNextToken } from "./next-token.ts";

const groupName = { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" };
const streamName = { min: 1, max: 512, pattern: "[^:*]*" };

export const logStreamConstraints: Constraints = {
  "CreateLogStreamRequest.logGroupName": groupName,
  "CreateLogStreamRequest.logStreamName": streamName,
  "DeleteLogStreamRequest.logGroupName": groupName,
  "DeleteLogStreamRequest.logStreamName": streamName,
  "DescribeLogStreamsRequest.logGroupName": groupName,
  "DescribeLogStreamsRequest.logStreamNamePrefix": streamName,
  "DescribeLogStreamsRequest.limit": { min: 1, max: 50 },
};

/** Log streams: create, describe, delete. */
export function createLogStreamOperations({ logs }: { readonly logs: Logs }) {
  return {
    async createLogStream(input: CreateLogStreamRequest, caller: Caller): Promise<object> {
      const group = logGroupRef({ logGroupName: input.logGroupName }, caller);
      await requireGroup(logs, group);
      try {
        await logs.createStream({ ...group, stream: input.logStreamName ?? "" });
      } catch (error) {
        if (error instanceof StoreError && error.code === "AlreadyExists")
          throw awsError("ResourceAlreadyExistsException", "The specified log stream already exists");
        throw error;
      }
      return {};
    },

    async deleteLogStream(input: DeleteLogStreamRequest, caller: Caller): Promise<object> {
      const group = logGroupRef({ logGroupName: input.logGroupName }, caller);
      await requireGroup(logs, group);
      try {
        await logs.deleteStream({ ...group, stream: input.logStreamName ?? "" });
      } catch (error) {
        if (error instanceof StoreError && error.code === "NotFound") throw noSuchStream();
        throw error;
      }
      return {};
    },

    async describeLogStreams(input: DescribeLogStreamsRequest, caller: Caller): Promise<DescribeLogStreamsResponse> {
      const { limit = 50, orderBy = "LogStreamName", descending = false, logStreamNamePrefix } = input;
      if (orderBy === "LastEventTime" && logStreamNamePrefix !== undefined)
        throw awsError("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.");
      const group = logGroupRef(input, caller);
      await requireGroup(logs, group);
      const found = await logs.listStreams({
        ...group,
        prefix: logStreamNamePrefix,
        orderBy: orderBy === "LastEventTime" ? "lastEventAt" : "name",
        descending,
        after: readNextToken(input.nextToken, isCursor),
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        logStreams: page.map((stream) => ({
          logStreamName: stream.name,
          creationTime: stream.createdAt.getTime(),
          // AWS leaves the times of an empty stream out.
          ...(stream.lastIngestedAt > 0 && {
            firstEventTimestamp: stream.firstEventAt,
            lastEventTimestamp: stream.lastEventAt,
            lastIngestionTime: stream.lastIngestedAt,
          }),
          arn: `${logGroupArn(caller, group.group)}:log-stream:${stream.name}`,
          // AWS has reported no bytes per stream since 2019.
          storedBytes: 0,
        })),
        nextToken:
          found.length > limit && last ? writePageToken({ name: last.name, lastEventAt: last.lastEventAt }) : undefined,
      };
    },
  };
}

function isCursor(value: Partial<LogStreamCursor>): value is LogStreamCursor {
  return typeof value.name === "string" && Number.isSafeInteger(value.lastEventAt);
}
