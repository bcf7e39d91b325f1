import type { CapacitySize, DeploymentConfig } from "@aws-sdk/client-sagemaker";
import type { Deployment } from "@rondo/serve";
import type { Owner, Resources } from "@rondo/store";
import { awsError, type Constraints } from "@rondo/wire";
import { findAlarm } from "./endpoint-alarms.ts";
import { capacityShare, rolloutStages, totalWaitSeconds } from "./endpoint-rollout-stages.ts";

/** How large a step may be: AWS's bounds in parts of the capacity, with the member that has it. */
interface SizeRule {
  readonly member: string;
  readonly least: number;
}

const MOST = 0.5;

/** Throws ValidationException for a deployment configuration that cannot be carried out with these variants, and for alarms that do not exist. */
export async function checkDeploymentConfig(
  resources: Pick<Resources, "find">,
  owner: Owner,
  config: DeploymentConfig | undefined,
  target: Deployment,
): Promise<void> {
  if (config === undefined) return;
  checkPolicies(config, target);
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  const limit = (rolling ?? blueGreen)?.MaximumExecutionTimeoutInSeconds;
  const waits = totalWaitSeconds(rolloutStages(config, target));
  if (limit !== undefined && limit <= waits) {
    throw invalid(
      `MaximumExecutionTimeoutInSeconds (${limit}) must be larger than the total waiting time of the deployment (${waits}).`,
    );
  }
  for (const { AlarmName: name = "" } of config.AutoRollbackConfiguration?.Alarms ?? []) {
    if ((await findAlarm(resources, owner, name)) === undefined) {
      throw invalid(`The CloudWatch alarm "${name}" of AutoRollbackConfiguration does not exist.`);
    }
  }
}

function checkPolicies(config: DeploymentConfig, target: Deployment): void {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  if (blueGreen !== undefined && rolling !== undefined) {
    throw invalid("Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy may be given.");
  }
  if (rolling !== undefined) {
    checkSize(rolling.MaximumBatchSize, target, { member: "MaximumBatchSize", least: 0.05 });
  }
  const routing = blueGreen?.TrafficRoutingConfiguration;
  if (routing?.Type === "CANARY") {
    checkSize(routing.CanarySize, target, { member: "CanarySize", least: 0 });
  } else if (routing?.CanarySize !== undefined) {
    throw invalid(`CanarySize cannot be given with the type ${routing.Type}.`);
  }
  if (routing?.Type === "LINEAR") {
    checkSize(routing.LinearStepSize, target, { member: "LinearStepSize", least: 0.1 });
  } else if (routing?.LinearStepSize !== undefined) {
    throw invalid(`LinearStepSize cannot be given with the type ${routing.Type}.`);
  }
}

function checkSize(size: CapacitySize | undefined, target: Deployment, { member, least }: SizeRule): void {
  if (size === undefined) throw invalid(`${member} is required.`);
  const share = capacityShare(size, target);
  if (share >= least && share <= MOST) return;
  const range = least === 0 ? `at most ${MOST * 100}` : `${least * 100} to ${MOST * 100}`;
  throw invalid(
    `${member} must be ${range} percent of the instances of the variants; ${size.Type} ${size.Value} is ${Math.round(share * 100)} percent.`,
  );
}

function invalid(message: string): Error {
  return awsError("ValidationException", message);
}

export const deploymentConfigConstraints: Constraints = {
  "TrafficRoutingConfig.WaitIntervalInSeconds": { min: 0, max: 3600 },
  "CapacitySize.Value": { min: 1 },
  "BlueGreenUpdatePolicy.TerminationWaitInSeconds": { min: 0, max: 3600 },
  "BlueGreenUpdatePolicy.MaximumExecutionTimeoutInSeconds": { min: 600, max: 28_800 },
  "RollingUpdatePolicy.WaitIntervalInSeconds": { min: 0, max: 3600 },
  "RollingUpdatePolicy.MaximumExecutionTimeoutInSeconds": { min: 600, max: 28_800 },
  "AutoRollbackConfig.Alarms": { min: 1, max: 10 },
  "Alarm.AlarmName": { min: 1, max: 255, pattern: String.raw`(?!\s*$).+` },
};
