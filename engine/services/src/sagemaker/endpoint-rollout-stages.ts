import type { CapacitySize, DeploymentConfig } from "@aws-sdk/client-sagemaker";
import type { Deployment } from "@rondo/serve";

/** One step of a roll-out: so much of the traffic goes to the new fleet, and so long its alarms are watched before the next step. */
export interface RolloutStage {
  /** Of the requests: above 0 and up to 1. The last stage has 1. */
  readonly share: number;
  readonly bakeSeconds: number;
}

/**
 * The stages of a deployment configuration. https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 * Blue/green shifts all at once, in two steps (canary) or in equal ones (linear), and keeps the old fleet for TerminationWaitInSeconds; rolling
 * updates shift batch by batch. Without a configuration all traffic moves in one step.
 */
export function rolloutStages(config: DeploymentConfig | undefined, target: Deployment): readonly RolloutStage[] {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config ?? {};
  if (rolling !== undefined) {
    const wait = rolling.WaitIntervalInSeconds ?? 0;
    return equalSteps(capacityShare(rolling.MaximumBatchSize, target), { wait, lastWait: wait });
  }
  const {
    Type: type,
    WaitIntervalInSeconds: wait = 0,
    CanarySize,
    LinearStepSize,
  } = blueGreen?.TrafficRoutingConfiguration ?? {};
  const lastWait = blueGreen?.TerminationWaitInSeconds ?? 0;
  if (type === "LINEAR") return equalSteps(capacityShare(LinearStepSize, target), { wait, lastWait });
  const all = { share: 1, bakeSeconds: lastWait };
  return type === "CANARY" ? [{ share: capacityShare(CanarySize, target), bakeSeconds: wait }, all] : [all];
}

/** What part of the new fleet's capacity a size is. An INSTANCE_COUNT is taken of each variant. */
export function capacityShare(size: CapacitySize | undefined, target: Deployment): number {
  const value = size?.Value ?? 100;
  if (size?.Type !== "INSTANCE_COUNT") return value / 100;
  const instances = target.variants.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
  return (value * target.variants.length) / Math.max(1, instances);
}

/** From the first to the last second in which the roll-out waits. */
export function totalWaitSeconds(stages: readonly RolloutStage[]): number {
  return stages.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
}

function equalSteps(
  step: number,
  { wait, lastWait }: { readonly wait: number; readonly lastWait: number },
): readonly RolloutStage[] {
  // Ten steps of 0.1 are ten, although their sum as floating-point numbers is below 1.
  const count = Math.max(1, Math.ceil(1 / step - 1e-9));
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    return { share: isLast ? 1 : step * (index + 1), bakeSeconds: isLast ? lastWait : wait };
  });
}
