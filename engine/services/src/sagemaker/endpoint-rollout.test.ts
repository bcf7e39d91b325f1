import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DeploymentConfig,
  type DescribeEndpointOutput,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from "@aws-sdk/client-sagemaker";
import { createManualClock, type ManualClock } from "@rondo/control/testing";
import { type ServingHouse, startServingHouse } from "./testing/serving-house.ts";

const ENDPOINT = "sentiment";
const ALARM = "sentiment-errors";
const TICK_MS = 100;
/** With ticks of 100 ms: a hundred requests a second. */
const REQUESTS_PER_TICK = 10;

const canary: DeploymentConfig = {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: "CANARY",
      CanarySize: { Type: "CAPACITY_PERCENT", Value: 10 },
      WaitIntervalInSeconds: 4,
    },
    TerminationWaitInSeconds: 2,
  },
};
const withAlarm: DeploymentConfig = { ...canary, AutoRollbackConfiguration: { Alarms: [{ AlarmName: ALARM }] } };

/** The house with an endpoint that answers "one:…", by a clock of the test's. */
async function startCanaryHouse(): Promise<{ house: ServingHouse; clock: ManualClock }> {
  const clock = createManualClock(new Date());
  const house = await startServingHouse({ clock });
  await house.createEndpoint(ENDPOINT, "one");
  await house.reconciled();
  await house.inService(ENDPOINT);
  return { house, clock };
}

/** Asks without a pause while the clock moves on tick by tick; a request that fails fails the test. Returns the answers, in the order of asking. */
async function askFor(house: ServingHouse, clock: ManualClock, milliseconds: number): Promise<string[]> {
  const answers: string[] = [];
  for (let at = 0; at < milliseconds; at += TICK_MS) {
    clock.advance(TICK_MS);
    const asked = Array.from({ length: REQUESTS_PER_TICK }, () => house.ask(ENDPOINT, "x"));
    await house.reconciled();
    answers.push(...(await Promise.all(asked)));
  }
  return answers;
}

const countOf = (answers: readonly string[], answer: string) => answers.filter((text) => text === `${answer}:x`).length;

/** Within four standard deviations of the share: one honest run in 16,000 is outside. */
function assertShare(answers: readonly string[], answer: string, share: number): void {
  const spread = 4 * Math.sqrt(answers.length * share * (1 - share));
  const count = countOf(answers, answer);
  assert.ok(Math.abs(count - answers.length * share) <= spread, `${count} of ${answers.length} by ${answer}`);
}

const statusOf = ({ PendingDeploymentSummary: pending }: DescribeEndpointOutput) =>
  pending?.ProductionVariants?.[0]?.VariantStatus?.[0];

test("a canary takes its share, then everything, without a failed request", async () => {
  const { house, clock } = await startCanaryHouse();
  await using _ = house;
  await house.startUpdate(ENDPOINT, "two", canary);
  await house.reconciled();
  const baking = await house.describeEndpoint(ENDPOINT);
  assert.equal(baking.EndpointStatus, "Updating");
  assert.equal(statusOf(baking)?.Status, "Baking");
  assert.match(statusOf(baking)?.StatusMessage ?? "", /^10 percent/);
  assert.equal(baking.PendingDeploymentSummary?.EndpointConfigName, "sentiment-two");
  assert.equal(baking.EndpointConfigName, "sentiment-one");
  assertShare(await askFor(house, clock, 3_900), "two", 0.1);
  await askFor(house, clock, 200);
  const shifted = await house.describeEndpoint(ENDPOINT);
  assert.equal(shifted.EndpointStatus, "Updating");
  assert.match(statusOf(shifted)?.StatusMessage ?? "", /^100 percent/);
  const all = await askFor(house, clock, 1_500);
  assert.equal(countOf(all, "two"), all.length);
  await askFor(house, clock, 1_000);
  const done = await house.describeEndpoint(ENDPOINT);
  assert.equal(done.EndpointStatus, "InService");
  assert.equal(done.EndpointConfigName, "sentiment-two");
  assert.equal(done.PendingDeploymentSummary, undefined);
  assert.deepEqual(done.LastDeploymentConfig, canary);
});

for (const { name, asksMs } of [
  { name: "in the canary", asksMs: 2_000 },
  { name: "while the old fleet waits for its end", asksMs: 5_000 },
]) {
  test(`an alarm ${name} brings all traffic back without a failed request`, async () => {
    const { house, clock } = await startCanaryHouse();
    await using _ = house;
    await house.setAlarm(ALARM, "OK");
    await house.startUpdate(ENDPOINT, "two", withAlarm);
    await house.reconciled();
    const before = await askFor(house, clock, asksMs);
    assert.ok(countOf(before, "two") > 0);
    await house.setAlarm(ALARM, "ALARM");
    await askFor(house, clock, 1_000);
    const after = await askFor(house, clock, 500);
    assert.equal(countOf(after, "one"), after.length);
    const { EndpointStatus, EndpointConfigName, FailureReason } = await house.describeEndpoint(ENDPOINT);
    assert.deepEqual([EndpointStatus, EndpointConfigName], ["InService", "sentiment-one"]);
    assert.match(FailureReason ?? "", /sentiment-two was rolled back: the alarm "sentiment-errors" is in ALARM state/);
  });
}

test("a server that is killed in the canary goes on with the same split, as do other processes", async () => {
  const { house, clock } = await startCanaryHouse();
  await using _ = house;
  await using follower = await house.startFollower();
  await follower.ask(ENDPOINT, "x");
  await house.startUpdate(ENDPOINT, "two", canary);
  await house.reconciled();
  await house.restart();
  assertShare(await askFor(house, clock, 3_000), "two", 0.1);
  const followed = await Promise.all(Array.from({ length: 400 }, () => follower.ask(ENDPOINT, "x")));
  assertShare(followed, "two", 0.1);
  await askFor(house, clock, 3_300);
  assert.equal((await house.describeEndpoint(ENDPOINT)).EndpointConfigName, "sentiment-two");
  assert.equal(await house.ask(ENDPOINT, "x"), "two:x");
});

test("a linear update takes equal steps, a rolling one goes on without a wait at its end", async () => {
  const { house, clock } = await startCanaryHouse();
  await using _ = house;
  const size = { Type: "CAPACITY_PERCENT" as const, Value: 40 };
  const linear: DeploymentConfig = {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { Type: "LINEAR", LinearStepSize: size, WaitIntervalInSeconds: 1 },
    },
  };
  const rolling: DeploymentConfig = { RollingUpdatePolicy: { MaximumBatchSize: size, WaitIntervalInSeconds: 1 } };
  for (const [answer, config, expected] of [
    ["two", linear, ["40", "80", undefined]],
    ["one", rolling, ["40", "80", "100", undefined]],
  ] as const) {
    await house.startUpdate(ENDPOINT, answer, config);
    const seen: (string | undefined)[] = [];
    for (const _step of expected) {
      await house.reconciled();
      seen.push(statusOf(await house.describeEndpoint(ENDPOINT))?.StatusMessage?.split(" ")[0]);
      clock.advance(1_000);
    }
    assert.deepEqual(seen, expected);
    assert.equal(await house.ask(ENDPOINT, "x"), `${answer}:x`);
  }
});

test("an update that takes longer than it may is rolled back", async () => {
  const { house, clock } = await startCanaryHouse();
  await using _ = house;
  const policy = { ...canary.BlueGreenUpdatePolicy, MaximumExecutionTimeoutInSeconds: 600 };
  const config = { BlueGreenUpdatePolicy: policy } as DeploymentConfig;
  await house.startUpdate(ENDPOINT, "two", config);
  await house.reconciled();
  clock.advance(600_000);
  await house.reconciled();
  const { EndpointConfigName, FailureReason } = await house.describeEndpoint(ENDPOINT);
  assert.equal(EndpointConfigName, "sentiment-one");
  assert.match(FailureReason ?? "", /MaximumExecutionTimeoutInSeconds \(600\)/);
});

test("an endpoint in a roll-out can be neither updated nor weighed anew, and unknown alarms are refused", async () => {
  const { house } = await startCanaryHouse();
  await using _ = house;
  await assert.rejects(house.startUpdate(ENDPOINT, "two", withAlarm), {
    name: "ValidationException",
    message: /The CloudWatch alarm "sentiment-errors" .* does not exist/,
  });
  await house.startUpdate(ENDPOINT, "two", canary);
  await house.reconciled();
  const inProgress = { name: "ValidationException", message: /^Cannot update in-progress endpoint/ };
  await assert.rejects(house.startUpdate(ENDPOINT, "one"), inProgress);
  const DesiredWeightsAndCapacities = [{ VariantName: "AllTraffic", DesiredWeight: 2 }];
  await assert.rejects(
    house.sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: ENDPOINT, DesiredWeightsAndCapacities }),
    ),
    inProgress,
  );
});

test("looking at alarms is no change of the endpoint", async () => {
  const { house, clock } = await startCanaryHouse();
  await using _ = house;
  await house.setAlarm(ALARM, "OK");
  await house.startUpdate(ENDPOINT, "two", withAlarm);
  await house.reconciled();
  const { LastModifiedTime } = await house.describeEndpoint(ENDPOINT);
  for (let look = 0; look < 3; look++) {
    clock.advance(1_000);
    await house.reconciled();
  }
  assert.deepEqual((await house.describeEndpoint(ENDPOINT)).LastModifiedTime, LastModifiedTime);
});

test("the deployment configuration of the update before is kept on demand", async () => {
  const { house, clock } = await startCanaryHouse();
  await using _ = house;
  await house.startUpdate(ENDPOINT, "two", canary);
  for (const waited of [0, 4_000, 2_000]) {
    clock.advance(waited);
    await house.reconciled();
  }
  const update = { EndpointName: ENDPOINT, EndpointConfigName: "sentiment-one", RetainDeploymentConfig: true };
  await house.sagemaker.send(new UpdateEndpointCommand(update));
  await house.reconciled();
  const endpoint = await house.describeEndpoint(ENDPOINT);
  assert.equal(statusOf(endpoint)?.Status, "Baking");
  assert.deepEqual(endpoint.LastDeploymentConfig, canary);
});
