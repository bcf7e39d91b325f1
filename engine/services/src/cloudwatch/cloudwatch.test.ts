import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricDataQuery, MetricDatum } from "@aws-sdk/client-cloudwatch";
import { createMetrics } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { Caller } from "@rondo/wire";
import { createGetMetricData } from "./get-metric-data.ts";
import { createGetMetricStatistics } from "./get-metric-statistics.ts";
import { createListMetrics } from "./list-metrics.ts";
import { createPutMetricData } from "./put-metric-data.ts";

const caller: Caller = {
  accountId: "111122223333",
  region: "eu-west-1",
  accessKeyId: "AKIA",
  arn: "arn:aws:iam::111122223333:root",
};
const now = new Date("2026-03-01T12:00:00Z");
const minute = (offset: number, seconds = 0) => new Date(now.getTime() + offset * 60_000 + seconds * 1000);
const Namespace = "app";

async function openService() {
  const sql = await openTestSql();
  const clock = { now: () => now };
  const metrics = createMetrics({ sql, clock });
  const dependencies = { metrics, clock };
  const putMetricData = createPutMetricData(dependencies);
  return {
    put: (...MetricData: MetricDatum[]) => putMetricData({ Namespace, MetricData }, caller),
    putMetricData,
    getMetricData: createGetMetricData(dependencies),
    getMetricStatistics: createGetMetricStatistics(dependencies),
    listMetrics: createListMetrics(dependencies),
    [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose](),
  };
}

const datum = (MetricName: string, offset: number, Value: number): MetricDatum => ({
  MetricName,
  Timestamp: minute(offset),
  Value,
});

test("values, counted values and statistic sets come back as statistics", async () => {
  await using service = await openService();
  const Dimensions = [{ Name: "Host", Value: "a" }];
  await service.put(
    {
      MetricName: "latency",
      Dimensions,
      Timestamp: minute(-10, 5),
      Values: [1, 2, 100],
      Counts: [50, 49, 1],
      Unit: "Milliseconds",
    },
    { MetricName: "latency", Dimensions, Timestamp: minute(-9), Value: 7, Unit: "Milliseconds" },
    {
      MetricName: "latency",
      Dimensions,
      Timestamp: minute(-8),
      StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 },
      Unit: "Milliseconds",
    },
  );
  const query = { Namespace, MetricName: "latency", Dimensions, StartTime: minute(-10), EndTime: minute(0) };
  const { Datapoints } = await service.getMetricStatistics(
    {
      ...query,
      Period: 60,
      Statistics: ["SampleCount", "Sum", "Average", "Minimum", "Maximum"],
      ExtendedStatistics: ["p50", "p99.5"],
    },
    caller,
  );
  const Unit = "Milliseconds";
  assert.deepEqual(Datapoints, [
    {
      Timestamp: minute(-10),
      Unit,
      SampleCount: 100,
      Sum: 248,
      Average: 2.48,
      Minimum: 1,
      Maximum: 100,
      ExtendedStatistics: { p50: 1, "p99.5": 100 },
    },
    {
      Timestamp: minute(-9),
      Unit,
      SampleCount: 1,
      Sum: 7,
      Average: 7,
      Minimum: 7,
      Maximum: 7,
      ExtendedStatistics: { p50: 7, "p99.5": 7 },
    },
    {
      Timestamp: minute(-8),
      Unit,
      SampleCount: 4,
      Sum: 10,
      Average: 2.5,
      Minimum: 1,
      Maximum: 4,
      ExtendedStatistics: {},
    },
  ]);
  const whole = await service.getMetricStatistics({ ...query, Period: 600, Statistics: ["Sum"] }, caller);
  assert.deepEqual(whole.Datapoints, [{ Timestamp: minute(-10), Unit, Sum: 265 }]);
  const other = await service.getMetricStatistics(
    { ...query, Dimensions: [], Period: 600, Statistics: ["Sum"] },
    caller,
  );
  assert.deepEqual(other, { Label: "latency", Datapoints: [] });
  await assert.rejects(service.getMetricStatistics({ ...query, Period: 61, Statistics: ["Sum"] }, caller), {
    code: "InvalidParameterValueException",
  });
  await assert.rejects(
    service.getMetricStatistics({ ...query, Period: 60, ExtendedStatistics: ["tm90"] }, caller),
    /not supported/,
  );
  await assert.rejects(service.getMetricStatistics({ ...query, Period: 60 }, caller), {
    code: "MissingRequiredParameterException",
  });
  await assert.rejects(
    service.getMetricStatistics({ ...query, StartTime: minute(-1441), Period: 60, Statistics: ["Sum"] }, caller),
    /up to 1441 datapoints, which exceeds the limit of 1440/,
  );
  await assert.rejects(
    service.getMetricStatistics({ ...query, StartTime: now, Period: 60, Statistics: ["Sum"] }, caller),
    /StartTime must be less/,
  );
});

for (const [what, datumToRefuse, code] of [
  ["NaN", { Value: Number.NaN }, "InvalidParameterValueException"],
  ["infinity", { Values: [1, Number.POSITIVE_INFINITY] }, "InvalidParameterValueException"],
  ["a count of zero", { Values: [1], Counts: [0] }, "InvalidParameterValueException"],
  ["counts of another size", { Values: [1], Counts: [1, 2] }, "InvalidParameterCombinationException"],
  ["value and values", { Value: 1, Values: [1] }, "InvalidParameterCombinationException"],
  ["no value", {}, "InvalidParameterCombinationException"],
  ["151 values", { Values: Array.from({ length: 151 }, () => 1) }, "InvalidParameterValueException"],
  ["a time three hours ahead", { Value: 1, Timestamp: minute(180) }, "InvalidParameterValueException"],
  ["a time fifteen days ago", { Value: 1, Timestamp: minute(-15 * 1440) }, "InvalidParameterValueException"],
  [
    "31 dimensions",
    { Value: 1, Dimensions: Array.from({ length: 31 }, (_, index) => ({ Name: `d${index}`, Value: "v" })) },
    "InvalidParameterValueException",
  ],
  [
    "a dimension twice",
    {
      Value: 1,
      Dimensions: [
        { Name: "a", Value: "1" },
        { Name: "a", Value: "2" },
      ],
    },
    "InvalidParameterValueException",
  ],
  ["a resolution of 5", { Value: 1, StorageResolution: 5 }, "InvalidParameterValueException"],
  [
    "a minimum above the maximum",
    { StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } },
    "InvalidParameterValueException",
  ],
] as const)
  test(`PutMetricData refuses ${what}, and with it the whole request`, async () => {
    await using service = await openService();
    const refused = { MetricName: "m", ...datumToRefuse } as MetricDatum;
    await assert.rejects(service.put(datum("good", -1, 1), refused), { code });
    assert.deepEqual((await service.listMetrics({}, caller)).Metrics, []);
  });

test("PutMetricData refuses AWS's own namespaces and too many data", async () => {
  await using service = await openService();
  await assert.rejects(
    service.putMetricData({ Namespace: "AWS/S3", MetricData: [datum("m", 0, 1)] }, caller),
    /AWS\/S3/,
  );
  await assert.rejects(service.put(...Array.from({ length: 1001 }, () => datum("m", 0, 1))), /1000/);
  await assert.rejects(service.put(), { code: "MissingRequiredParameterException" });
});

test("GetMetricData reads statistics and metric math, in both orders and in pages", async () => {
  await using service = await openService();
  await service.put(
    datum("hits", -4, 6),
    datum("hits", -3, 8),
    datum("hits", -2, 9),
    datum("calls", -4, 10),
    datum("calls", -3, 10),
  );
  const stat = (MetricName: string) => ({ Metric: { Namespace, MetricName }, Period: 60, Stat: "Sum" });
  const get = (MetricDataQueries: MetricDataQuery[], more: object = {}) =>
    service.getMetricData(
      { MetricDataQueries, StartTime: minute(-10), EndTime: minute(0), ScanBy: "TimestampAscending", ...more },
      caller,
    );
  const hits = { Id: "hits", MetricStat: stat("hits"), ReturnData: false };
  const calls = { Id: "calls", MetricStat: stat("calls"), ReturnData: false };
  const values = async (Expression: string) =>
    (await get([hits, calls, { Id: "e", Expression }])).MetricDataResults?.map(({ Values }) => Values);
  assert.deepEqual(await values("100 * hits / calls"), [[60, 80]]);
  assert.deepEqual(await values("-(hits - calls) ^ 2"), [[16, 4]]);
  assert.deepEqual(await values("SUM(METRICS())"), [[16, 18, 9]]);
  assert.deepEqual(await values('MAX(METRICS("hi"))'), [[6, 8, 9]]);
  assert.deepEqual(await values("AVG([hits, calls])"), [[8, 9, 9]]);
  assert.deepEqual(await values("hits - MIN(hits)"), [[0, 2, 3]]);
  assert.deepEqual(await values("hits / (calls - calls)"), [[]]);
  for (const Expression of ["RATE(hits)", "hits +", "none + 1", "1 + 1", "e + 1", "hits > 3", "[hits", "METRICS()"])
    await assert.rejects(values(Expression), { code: "ValidationError" }, Expression);
  const all = await get(
    [
      { ...hits, ReturnData: true, Label: "Hits" },
      { ...calls, ReturnData: true },
    ],
    { ScanBy: "TimestampDescending" },
  );
  assert.deepEqual(
    all.MetricDataResults?.map(({ Label, Values, StatusCode }) => [Label, Values, StatusCode]),
    [
      ["Hits", [9, 8, 6], "Complete"],
      ["calls", [10, 10], "Complete"],
    ],
  );
  assert.deepEqual(all.MetricDataResults?.[1]?.Timestamps, [minute(-3), minute(-4)]);
  const queries = [
    { ...hits, ReturnData: true },
    { ...calls, ReturnData: true },
  ];
  const first = await get(queries, { MaxDatapoints: 2 });
  assert.deepEqual(
    first.MetricDataResults?.map(({ Values, StatusCode }) => [Values, StatusCode]),
    [[[6, 8], "PartialData"]],
  );
  const second = await get(queries, { MaxDatapoints: 2, NextToken: first.NextToken });
  assert.deepEqual(
    second.MetricDataResults?.map(({ Values }) => Values),
    [[9], [10]],
  );
  const third = await get(queries, { MaxDatapoints: 2, NextToken: second.NextToken });
  assert.deepEqual([third.MetricDataResults?.map(({ Values }) => Values), third.NextToken], [[[10]], undefined]);
  await assert.rejects(get([hits, hits]), /not unique/);
  await assert.rejects(get([{ Id: "Bad", MetricStat: stat("x") }]), /pattern/);
  await assert.rejects(get([{ Id: "a" }]), /Exactly one/);
  await assert.rejects(get(queries, { NextToken: "x" }), { code: "InvalidNextToken" });
});

test("ListMetrics filters and pages", async () => {
  await using service = await openService();
  const many = Array.from({ length: 501 }, (_, index) => ({
    ...datum("m", -1, 1),
    Dimensions: [{ Name: "i", Value: String(index) }],
  }));
  await service.put(...many);
  const first = await service.listMetrics({ RecentlyActive: "PT3H" }, caller);
  const second = await service.listMetrics({ NextToken: first.NextToken }, caller);
  assert.deepEqual([first.Metrics?.length, second.Metrics?.length, second.NextToken], [500, 1, undefined]);
  const one = await service.listMetrics(
    { Namespace, MetricName: "m", Dimensions: [{ Name: "i", Value: "7" }] },
    caller,
  );
  assert.deepEqual(one.Metrics, [{ Namespace, MetricName: "m", Dimensions: [{ Name: "i", Value: "7" }] }]);
  assert.deepEqual((await service.listMetrics({ Namespace: "other" }, caller)).Metrics, []);
});
