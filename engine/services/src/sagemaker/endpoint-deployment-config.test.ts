import assert from "node:assert/strict";
import { test } from "node:test";
import type { CapacitySizeType, DeploymentConfig, TrafficRoutingConfigType } from "@aws-sdk/client-sagemaker";
import type { Deployment } from "@rondo/serve";
import type { Resources } from "@rondo/store";
import { checkDeploymentConfig } from "./endpoint-deployment-config.ts";
import { rolloutStages } from "./endpoint-rollout-stages.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const resources: Pick<Resources, "find"> = { find: async () => undefined };

function deploymentOf(...instanceCounts: number[]): Deployment {
  const variants = instanceCounts.map((instanceCount, index) => ({
    name: `variant-${index}`,
    modelName: "model",
    weight: 1,
    instanceCount,
    containers: [],
  }));
  return { id: "1", endpointConfigName: "config", variants };
}

const sizeOf = (Value: number, Type: CapacitySizeType = "CAPACITY_PERCENT") => ({ Type, Value });

function blueGreen(Type: TrafficRoutingConfigType, rest: object, policy: object = {}): DeploymentConfig {
  const TrafficRoutingConfiguration = { Type, WaitIntervalInSeconds: 30, ...rest };
  return { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration, ...policy } };
}

const sharesOf = (config: DeploymentConfig | undefined, target = deploymentOf(1)) =>
  rolloutStages(config, target).map(({ share, bakeSeconds }) => [Math.round(share * 1000) / 1000, bakeSeconds]);

test("a deployment configuration becomes stages of traffic and waits", () => {
  const all = blueGreen("ALL_AT_ONCE", {}, { TerminationWaitInSeconds: 60 });
  const canary = blueGreen("CANARY", { CanarySize: sizeOf(10) }, { TerminationWaitInSeconds: 60 });
  const instances = blueGreen("CANARY", { CanarySize: sizeOf(1, "INSTANCE_COUNT") });
  const third = blueGreen("LINEAR", { LinearStepSize: sizeOf(33) });
  const rolling = { RollingUpdatePolicy: { MaximumBatchSize: sizeOf(50), WaitIntervalInSeconds: 5 } };
  assert.deepEqual(sharesOf(undefined), [[1, 0]]);
  assert.deepEqual(sharesOf(all), [[1, 60]]);
  assert.deepEqual(sharesOf(canary), [
    [0.1, 30],
    [1, 60],
  ]);
  assert.deepEqual(sharesOf(instances, deploymentOf(4)), [
    [0.25, 30],
    [1, 0],
  ]);
  assert.deepEqual(sharesOf(instances, deploymentOf(2, 6)), [
    [0.25, 30],
    [1, 0],
  ]);
  assert.deepEqual(sharesOf(third), [
    [0.33, 30],
    [0.66, 30],
    [0.99, 30],
    [1, 0],
  ]);
  assert.deepEqual(sharesOf(rolling), [
    [0.5, 5],
    [1, 5],
  ]);
});

test("ten steps of a tenth are ten", () => {
  const stages = rolloutStages(blueGreen("LINEAR", { LinearStepSize: sizeOf(10) }), deploymentOf(1));
  assert.equal(stages.length, 10);
  assert.equal(stages.at(-1)?.share, 1);
});

test("what cannot be carried out is refused", async () => {
  const rollingUpdate = { MaximumBatchSize: sizeOf(50), WaitIntervalInSeconds: 0 };
  const refused: [DeploymentConfig, RegExp][] = [
    [{ ...blueGreen("ALL_AT_ONCE", {}), RollingUpdatePolicy: rollingUpdate }, /Only one of/],
    [blueGreen("CANARY", {}), /CanarySize is required/],
    [blueGreen("CANARY", { CanarySize: sizeOf(60) }), /CanarySize must be at most 50 percent.*is 60 percent/],
    [blueGreen("CANARY", { CanarySize: sizeOf(1, "INSTANCE_COUNT") }), /INSTANCE_COUNT 1 is 100 percent/],
    [blueGreen("LINEAR", { LinearStepSize: sizeOf(5) }), /LinearStepSize must be 10 to 50 percent/],
    [blueGreen("LINEAR", { LinearStepSize: sizeOf(50), CanarySize: sizeOf(5) }), /CanarySize cannot be given/],
    [blueGreen("CANARY", { LinearStepSize: sizeOf(50), CanarySize: sizeOf(5) }), /LinearStepSize cannot be given/],
    [{ RollingUpdatePolicy: { ...rollingUpdate, MaximumBatchSize: sizeOf(2) } }, /MaximumBatchSize must be 5 to 50/],
    [
      blueGreen(
        "CANARY",
        { CanarySize: sizeOf(5), WaitIntervalInSeconds: 600 },
        { MaximumExecutionTimeoutInSeconds: 600 },
      ),
      /MaximumExecutionTimeoutInSeconds \(600\) must be larger than the total waiting time of the deployment \(600\)/,
    ],
    [{ AutoRollbackConfiguration: { Alarms: [{ AlarmName: "errors" }] } }, /alarm "errors".* does not exist/],
  ];
  for (const [config, message] of refused) {
    const check = checkDeploymentConfig(resources, owner, config, deploymentOf(1));
    await assert.rejects(check, { code: "ValidationException", message });
  }
  const accepted = blueGreen("CANARY", { CanarySize: sizeOf(1, "INSTANCE_COUNT") });
  await checkDeploymentConfig(resources, owner, accepted, deploymentOf(2));
});
