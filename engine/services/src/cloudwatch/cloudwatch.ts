import { createRequire } from "node:module";
import type { Metrics, Resources, Sql } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createPublisher } from "../sns/publisher.ts";
import { alarmConstraints, createAlarmOperations } from "./alarm.ts";
import { createGetMetricData, getMetricDataConstraints } from "./get-metric-data.ts";
import { createGetMetricStatistics, getMetricStatisticsConstraints } from "./get-metric-statistics.ts";
import { createListMetrics, listMetricsConstraints } from "./list-metrics.ts";
import { createPutMetricData, putMetricDataConstraints } from "./put-metric-data.ts";

const require = createRequire(import.meta.url);

export interface CloudWatchDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly metrics: Metrics;
  readonly clock: { now(): Date };
}

/** CloudWatch's metrics and alarms: every operation of it that Rondo answers. */
export function createCloudWatchService(dependencies: CloudWatchDependencies): ServiceDefinition {
  return {
    id: "cloudwatch",
    signingName: "monitoring",
    targetPrefix: "GraniteServiceVersion20100801",
    protocols: ["aws-json", "query", "rpc-v2-cbor"],
    load: () => require("@aws-sdk/client-cloudwatch") as SdkModule,
    client: "CloudWatchClient",
    operations: {
      PutMetricData: createPutMetricData(dependencies),
      GetMetricStatistics: createGetMetricStatistics(dependencies),
      GetMetricData: createGetMetricData(dependencies),
      ListMetrics: createListMetrics(dependencies),
      ...createAlarmOperations({ ...dependencies, publisher: createPublisher(dependencies) }),
    },
    constraints: {
      ...putMetricDataConstraints,
      ...getMetricStatisticsConstraints,
      ...getMetricDataConstraints,
      ...listMetricsConstraints,
      ...alarmConstraints,
    },
    notHonoured: {
      GetMetricData:
        "Of metric math, arithmetic and SUM, AVG, MIN, MAX are understood and the rest is refused; LabelOptions and dynamic labels are not.",
      GetMetricStatistics:
        "Percentiles are exact up to 400 distinct values in a period, then within 1 % or more: docs of the sketch.",
      PutMetricAlarm:
        "Periods are aligned to the clock; actions are SNS topics only; anomaly detection, composite alarms and EvaluateLowSampleCountPercentile ignore are refused.",
      PutMetricData: "EntityMetricData is refused.",
    },
  };
}
