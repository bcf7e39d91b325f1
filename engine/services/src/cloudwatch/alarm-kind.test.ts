import assert from "node:assert/strict";
import { test } from "node:test";
import { createControlLoop } from "@rondo/control";
import { createManualClock, testReconcile } from "@rondo/control/testing";
import { createMetrics, createResources, listAlarmHistory, type Resources, type Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { Caller } from "@rondo/wire";
import { deliveryType, subscriptionType, topicArn, topicType } from "../sns/topic-arn.ts";
import { type AlarmBody, alarmArn, alarmType } from "./alarm-body.ts";
import { createAlarmKind } from "./alarm-kind.ts";
import { createCloudWatchService } from "./cloudwatch.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const caller: Caller = { ...owner, accessKeyId: "AKIA", arn: "arn:aws:iam::111122223333:root" };
const topic = topicArn(owner, "alarms");
const configuration = {
  MetricName: "Errors",
  Namespace: "app",
  Statistic: "Sum",
  Period: 10,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "notBreaching",
  AlarmActions: [topic],
  ActionsEnabled: true,
} as const;

async function subscribe(resources: Resources): Promise<void> {
  await resources.insert({ ...owner, type: topicType, name: "alarms", arn: topic, status: "Active", body: {} });
  await resources.insert({
    ...owner,
    type: subscriptionType,
    name: "alarms/3f7c1f5e-4f6c-4a3e-8a86-0d6f5f6b1a11",
    arn: `${topic}:3f7c1f5e-4f6c-4a3e-8a86-0d6f5f6b1a11`,
    status: "Confirmed",
    body: { protocol: "http", endpoint: "http://127.0.0.1:1/", attributes: {}, token: "t", unsubscribeToken: "u" },
  });
}

async function deliveries(sql: Sql): Promise<Record<string, unknown>[]> {
  const rows = await sql.query<{ body: { message: string } }>("select body from resource where type = $1 order by id", [
    deliveryType,
  ]);
  return rows.map(({ body }) => JSON.parse(body.message) as Record<string, unknown>);
}

async function openAlarms() {
  const sql = await openTestSql();
  const clock = createManualClock();
  const resources = createResources({ sql, clock });
  const metrics = createMetrics({ sql, clock });
  const dependencies = { sql, resources, metrics, clock };
  const loop = createControlLoop({ resources, kinds: [createAlarmKind(dependencies) as never], clock });
  const { operations } = createCloudWatchService(dependencies);
  const call = async <Output>(name: string, input: object): Promise<Output> =>
    (await operations[name]?.(input as never, caller, undefined as never)) as Output;
  await subscribe(resources);
  await loop.start();
  return {
    sql,
    clock,
    call,
    put: (value: number, resolution: 1 | 60 = 1) =>
      call("PutMetricData", {
        Namespace: "app",
        MetricData: [{ MetricName: "Errors", Value: value, Timestamp: clock.now(), StorageResolution: resolution }],
      }),
    /** From one evaluation to the next. */
    async advance(seconds: number): Promise<string | undefined> {
      const end = clock.now().getTime() + seconds * 1000;
      for (let now = clock.now().getTime(); now < end; now = clock.now().getTime()) {
        const next = (await resources.nextDue([alarmType]))?.getTime() ?? end;
        clock.advance(Math.max(0, Math.min(next, end) - now));
        await loop.idle();
      }
      return (await resources.find<AlarmBody>(owner, alarmType, "errors"))?.status;
    },
    async [Symbol.asyncDispose]() {
      await loop.stop();
      await sql[Symbol.asyncDispose]();
    },
  };
}

test("an alarm of 10 seconds reacts at once to a count, tells its topic once, and comes back", async () => {
  await using alarms = await openAlarms();
  await alarms.call("PutMetricAlarm", { AlarmName: "errors", ...configuration });
  assert.equal(await alarms.advance(6), "OK");
  await alarms.put(6);
  assert.equal(await alarms.advance(5), "ALARM");
  const [message, ...others] = await deliveries(alarms.sql);
  assert.equal(others.length, 0);
  assert.equal(message?.NewStateValue, "ALARM");
  assert.equal(message?.OldStateValue, "OK");
  assert.match(
    String(message?.NewStateReason),
    /^Threshold Crossed: 1 out of the last 1 datapoints \[6\.0 \(01\/01\/26 00:00:00\)\] was greater than the threshold \(5\.0\) \(minimum 1 datapoint for OK -> ALARM transition\)\.$/,
  );
  assert.equal(await alarms.advance(45), "OK");
  const history = await listAlarmHistory(alarms.sql, { ...owner, alarmName: "errors", order: "ascending", limit: 10 });
  assert.deepEqual(
    history.map(({ summary }) => summary),
    [
      'Alarm "errors" created',
      "Alarm updated from INSUFFICIENT_DATA to OK",
      "Alarm updated from OK to ALARM",
      `Successfully executed action ${topic}`,
      "Alarm updated from ALARM to OK",
    ],
  );
});

test("an average waits for the end of its period", async () => {
  await using alarms = await openAlarms();
  await alarms.call("PutMetricAlarm", { AlarmName: "errors", ...configuration, Statistic: "Average" });
  await alarms.advance(2);
  await alarms.put(9);
  assert.equal(await alarms.advance(6), "OK");
  assert.equal(await alarms.advance(5), "ALARM");
});

test("a percentile and an expression are watched by the minute", async () => {
  await using alarms = await openAlarms();
  const { Statistic: _, MetricName, Namespace, Period: __, ...rest } = configuration;
  const MetricStat = { Metric: { MetricName, Namespace }, Period: 60, Stat: "p50" };
  await alarms.call("PutMetricAlarm", {
    AlarmName: "errors",
    ...rest,
    Metrics: [
      { Id: "m1", MetricStat, ReturnData: false },
      { Id: "doubled", Expression: "m1 * 2" },
    ],
  });
  await alarms.advance(5);
  await alarms.put(3, 60);
  assert.equal(await alarms.advance(30), "OK");
  assert.equal(await alarms.advance(50), "ALARM");
  const [message] = await deliveries(alarms.sql);
  assert.match(String(message?.NewStateReason), /\[6\.0 /);
});

test("a state that was set is told, and actions that are off are not", async () => {
  await using alarms = await openAlarms();
  await alarms.call("PutMetricAlarm", { AlarmName: "errors", ...configuration, TreatMissingData: "ignore" });
  await alarms.call("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "a drill" });
  await alarms.call("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "again" });
  assert.deepEqual(
    (await deliveries(alarms.sql)).map(({ NewStateReason }) => NewStateReason),
    ["a drill"],
  );
  await alarms.call("SetAlarmState", { AlarmName: "errors", StateValue: "OK", StateReason: "over" });
  await alarms.call("DisableAlarmActions", { AlarmNames: ["errors"] });
  await alarms.call("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "silent" });
  assert.equal((await deliveries(alarms.sql)).length, 1);
  const { MetricAlarms } = await alarms.call<{ MetricAlarms: object[] }>("DescribeAlarms", { StateValue: "ALARM" });
  assert.equal(MetricAlarms.length, 1);
});

test("an alarm that is made twice at the same time is one alarm", async () => {
  await using alarms = await openAlarms();
  const put = () => alarms.call("PutMetricAlarm", { AlarmName: "errors", ...configuration });
  await Promise.all([put(), put(), put(), put()]);
  const { MetricAlarms } = await alarms.call<{ MetricAlarms: object[] }>("DescribeAlarms", {});
  assert.equal(MetricAlarms.length, 1);
});

test("an alarm does not tell topics of others", async () => {
  await using alarms = await openAlarms();
  const AlarmActions = ["arn:aws:sns:eu-west-1:999999999999:alarms"];
  await assert.rejects(
    alarms.call("PutMetricAlarm", { AlarmName: "errors", ...configuration, AlarmActions }),
    /own account and region/,
  );
});

testReconcile({
  name: "an alarm",
  crashPoints: ["alarm-evaluated", "alarm-told"],
  async createWorld({ sql, resources, clock }) {
    const metrics = createMetrics({ sql, clock });
    await subscribe(resources);
    await metrics.put(owner, "app", [
      {
        name: "Errors",
        dimensions: {},
        timestamp: clock.now(),
        unit: "None",
        resolution: 1,
        statistics: { sampleCount: 1, sum: 6, minimum: 6, maximum: 6 },
      },
    ]);
    const kind = createAlarmKind({ sql, resources, metrics, clock });
    const end = clock.now().getTime() + 60_000;
    return {
      // An alarm is evaluated for ever: this one for a minute.
      kind: {
        ...kind,
        async reconcile(alarm, context) {
          const patch = await kind.reconcile(alarm as never, context);
          return clock.now().getTime() >= end ? { ...patch, due: null } : patch;
        },
      },
      resource: {
        ...owner,
        type: alarmType,
        name: "errors",
        arn: alarmArn(owner, "errors"),
        status: "OK",
        body: {
          configuration,
          configuredAt: "2026-01-01T00:00:00.000Z",
          stateReason: "",
          stateUpdatedAt: "2026-01-01T00:00:00.000Z",
        },
        due: "now",
      },
      observe: async () => (await deliveries(sql)).map(({ NewStateValue }) => NewStateValue),
    };
  },
});
