import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { ResourceKind } from "@rondo/control";
import { createManualClock } from "@rondo/control/testing";
import type { Caller } from "@rondo/wire";
import { createAlarmKind } from "../cloudwatch/alarm-kind.ts";
import { createGetMetricData } from "../cloudwatch/get-metric-data.ts";
import { createPutMetricAlarm } from "../cloudwatch/put-metric-alarm.ts";
import { type HouseStore, type ServingHouse, startServingHouse } from "./testing/serving-house.ts";

const ENDPOINT = "sentiment";
/** The beginning of a minute, and so of a period of 10 s. */
const START = new Date("2026-11-21T12:00:00Z");
const PERIOD_S = 10;
const FLUSH_S = 5;

/** What an operator watches of one variant: the share of invocations that failed, in percent, and the latency that 95 of 100 stay below. */
function queriesOf(variant: string): { readonly errorRate: MetricDataQuery[]; readonly latency: MetricDataQuery } {
  const metric = (Id: string, MetricName: string, Stat: string, ReturnData: boolean): MetricDataQuery => {
    const Dimensions = [
      { Name: "EndpointName", Value: ENDPOINT },
      { Name: "VariantName", Value: variant },
    ];
    const Metric = { Namespace: "AWS/SageMaker", MetricName, Dimensions };
    return { Id, MetricStat: { Metric, Period: PERIOD_S, Stat }, ReturnData };
  };
  return {
    errorRate: [
      { Id: "rate", Expression: "100 * errors / invocations", ReturnData: true },
      metric("errors", "Invocation5XXErrors", "Sum", false),
      metric("invocations", "Invocations", "Sum", false),
    ],
    latency: metric("latency", "ModelLatency", "p95", true),
  };
}

function callerOf({ accountId, region }: ServingHouse): Caller {
  return { accountId, region, accessKeyId: "AKID", arn: `arn:aws:iam::${accountId}:user/operator` };
}

/** Asks once; whether the model answered. */
async function succeeds(house: ServingHouse, text: string): Promise<boolean> {
  const request = { body: Buffer.from(text), contentType: "text/plain", accept: "*/*" };
  try {
    await house.serving.invoke(house, ENDPOINT, { request, receivedAt: house.serving.now() });
    return true;
  } catch {
    return false;
  }
}

/** Read when a request comes in, when its model is asked and when that has answered: the third reading takes the latency. */
function createLatencyTimer() {
  let milliseconds = 0;
  let readings = 0;
  return {
    latency: 0,
    now() {
      readings += 1;
      if (readings % 3 === 0) milliseconds += this.latency;
      return milliseconds;
    },
  };
}

test("error rate and p95 of a variant are there for periods of 10 s", async () => {
  const clock = createManualClock(START);
  const timer = createLatencyTimer();
  await using house = await startServingHouse({ clock, timer });
  await house.createEndpoint(ENDPOINT, "one");
  await house.reconciled();
  for (let index = 0; index < 100; index++) {
    timer.latency = index % 10 === 0 ? 900 : 100;
    assert.equal(await succeeds(house, index % 5 === 0 ? "fail 500" : "x"), index % 5 !== 0);
  }
  await house.serving.flush();
  clock.advance(PERIOD_S * 1000);
  for (let index = 0; index < 40; index++) assert.ok(await succeeds(house, "x"));
  await house.serving.flush();
  const { errorRate, latency } = queriesOf("AllTraffic");
  const getMetricData = createGetMetricData({ metrics: house.store.metrics });
  const { MetricDataResults: results = [] } = await getMetricData(
    {
      MetricDataQueries: [...errorRate, latency],
      StartTime: START,
      EndTime: new Date(START.getTime() + 60_000),
      ScanBy: "TimestampAscending",
    },
    callerOf(house),
  );
  const valuesOf = (id: string) => results.find(({ Id }) => Id === id)?.Values ?? [];
  assert.deepEqual(valuesOf("rate"), [20, 0]);
  const [first = 0, second = 0] = valuesOf("latency");
  for (const [measured, microseconds] of [
    [first, 900_000],
    [second, 100_000],
  ] as const) {
    assert.ok(Math.abs(measured / microseconds - 1) < 0.05, `p95 of ${measured} µs instead of ${microseconds}`);
  }
});

const { errorRate, latency } = queriesOf("version-2");
const averageErrors = {
  Id: "average",
  MetricStat: { ...errorRate[1]?.MetricStat, Stat: "Average" },
} as MetricDataQuery;

/** `begins` is the second of a period at which the new model goes wrong: the later, the more good data of the same period is thrown in. */
for (const { name, begins, Metrics, Threshold } of [
  { name: "the error rate", begins: 0, Metrics: errorRate, Threshold: 5 },
  { name: "the average of errors", begins: 8, Metrics: [averageErrors], Threshold: 0.05 },
  { name: "the latency", begins: 9, Metrics: [latency], Threshold: 500_000 },
]) {
  test(`an alarm on ${name} of the new variant rolls its canary back within 30 s`, async () => {
    const clock = createManualClock(START);
    const timer = createLatencyTimer();
    const kinds = (store: HouseStore) => [createAlarmKind({ ...store, clock }) as ResourceKind<object>];
    await using house = await startServingHouse({ clock, timer, kinds });
    await startCanary(house, clock, { Metrics, Threshold });
    let wrongFor = -begins;
    for (; (await house.describeEndpoint(ENDPOINT)).EndpointStatus === "Updating"; wrongFor++) {
      assert.ok(wrongFor <= 30, "no roll-back within 30 s");
      timer.latency = wrongFor < 0 ? 100 : 900;
      for (let index = 0; index < 40; index++)
        await succeeds(house, wrongFor >= 0 && index % 4 === 0 ? "fail 500" : "x");
      clock.advance(1_000);
      // As often as Serving does it by itself, and just too late for the period that ends.
      if ((wrongFor + begins) % FLUSH_S === 0) await house.serving.flush();
      await house.reconciled();
    }
    const { EndpointStatus, EndpointConfigName, FailureReason } = await house.describeEndpoint(ENDPOINT);
    assert.deepEqual([EndpointStatus, EndpointConfigName], ["InService", "version-1"]);
    assert.match(FailureReason ?? "", /"version-2-alarm" is in ALARM state/);
    assert.ok(wrongFor > 0, "the alarm rang before there was anything to ring for");
  });
}

/** An update from version-1 to version-2 in its canary, watched by an alarm. */
async function startCanary(
  house: ServingHouse,
  clock: { now(): Date },
  alarm: { readonly Metrics: MetricDataQuery[]; readonly Threshold: number },
): Promise<void> {
  for (const [version, answer] of [
    ["version-1", "one"],
    ["version-2", "two"],
  ] as const) {
    await house.createModel(version, answer);
    await house.createConfig(version, { [version]: version });
  }
  await house.createEndpointOf(ENDPOINT, "version-1");
  await house.reconciled();
  const { sql, resources } = house.store;
  await createPutMetricAlarm({ sql, resources, clock })(
    {
      AlarmName: "version-2-alarm",
      ...alarm,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 1,
      TreatMissingData: "notBreaching",
    },
    callerOf(house),
  );
  const CanarySize = { Type: "CAPACITY_PERCENT", Value: 10 } as const;
  await house.startUpdateTo(ENDPOINT, "version-2", {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { Type: "CANARY", CanarySize, WaitIntervalInSeconds: 300 },
    },
    AutoRollbackConfiguration: { Alarms: [{ AlarmName: "version-2-alarm" }] },
  });
  await house.reconciled();
}
