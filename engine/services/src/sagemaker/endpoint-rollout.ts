import type { ReconcileContext } from "@rondo/control";
import { announceEndpoint, type Deployment, type EndpointRef, type Serving } from "@rondo/serve";
import type { Resource, ResourcePatch, Resources, Sql } from "@rondo/store";
import { ringingAlarm } from "./endpoint-alarms.ts";
import type { EndpointBody, EndpointRollout } from "./endpoint-body.ts";
import { type RolloutStage, rolloutStages } from "./endpoint-rollout-stages.ts";

/** How often alarms are looked at while a stage bakes: a roll-back begins within this time of the alarm. */
const LOOK_MS = 1_000;

export interface RolloutDependencies {
  readonly sql: Sql;
  readonly resources: Pick<Resources, "find">;
  readonly serving: Pick<Serving, "split">;
  readonly clock: { now(): Date };
}

type Endpoint = Resource<EndpointBody>;
type Patch = ResourcePatch<EndpointBody>;

/** What an update does next: wait with this patch, put all traffic to the new fleet for good, or go back for a reason. */
export type RolloutStep =
  | { readonly next: "wait"; readonly patch: Patch }
  | { readonly next: "complete" }
  | { readonly next: "rollBack"; readonly reason: string };

const COMPLETE: RolloutStep = { next: "complete" };

/**
 * Moves an endpoint's traffic from `deployed` to `target` in the stages of its deployment configuration. Where it stands is in the row before the traffic
 * moves, so a process that dies in the middle goes on from there with the same split, and the waits are by the clock.
 */
export function createRollout({ sql, resources, serving, clock }: RolloutDependencies) {
  async function step(
    endpoint: Endpoint,
    { deployed, target }: { readonly deployed: Deployment; readonly target: Deployment },
    context: ReconcileContext,
  ): Promise<RolloutStep> {
    const { lastDeploymentConfig: config, rollout } = endpoint.body;
    const reason = (await ringingAlarm(resources, endpoint, config)) ?? overdue(endpoint.body);
    if (reason !== undefined) return { next: "rollBack", reason };
    const stages = rolloutStages(config, target);
    const fleets = { outgoing: deployed, incoming: target };
    if (rollout === undefined) {
      if (stages.length === 1 && stages[0]?.bakeSeconds === 0) return COMPLETE;
      const incoming = await serving.split(refOf(endpoint), { ...fleets, share: 0 }, context.signal);
      context.crashPoint("endpoint-fleet-loaded");
      return await activate({ ...endpoint, body: { ...endpoint.body, target: incoming } }, stages, 0, context);
    }
    const stage = stages[rollout.stage];
    if (stage === undefined) return COMPLETE;
    if (rollout.status === "ActivatingTraffic") return await activate(endpoint, stages, rollout.stage, context);
    if (clock.now().getTime() >= endOf(rollout, stage)) {
      if (rollout.stage === stages.length - 1) return COMPLETE;
      return await activate(endpoint, stages, rollout.stage + 1, context);
    }
    // Nothing moves here unless the process was started anew.
    await serving.split(refOf(endpoint), { ...fleets, share: stage.share }, context.signal);
    return { next: "wait", patch: { due: nextLook(endpoint, rollout, stage) } };
  }

  /** Writes the stage down, tells the other processes, and moves the traffic; from then on the stage bakes. */
  async function activate(
    endpoint: Endpoint,
    stages: readonly RolloutStage[],
    index: number,
    context: ReconcileContext,
  ): Promise<RolloutStep> {
    const stage = stages[index];
    const { deployed, target } = endpoint.body;
    if (stage === undefined || deployed === undefined || target === undefined) return COMPLETE;
    const activating = { stage: index, status: "ActivatingTraffic", since: clock.now().toISOString() } as const;
    const body = { ...endpoint.body, targetShare: stage.share, rollout: activating };
    const saved = await context.save(endpoint, { body, due: "now" });
    await announceEndpoint(sql, sql, refOf(endpoint));
    await serving.split(refOf(endpoint), { outgoing: deployed, incoming: target, share: stage.share }, context.signal);
    context.crashPoint("endpoint-traffic-shifted");
    const baking: EndpointRollout = { stage: index, status: "Baking", since: clock.now().toISOString() };
    const patch = { body: { ...saved.body, rollout: baking }, due: nextLook(saved, baking, stage) };
    return { next: "wait", patch };
  }

  /** At the end of the stage, or sooner to look at the alarms. */
  function nextLook(endpoint: Endpoint, rollout: EndpointRollout, stage: RolloutStage): Date {
    const end = endOf(rollout, stage);
    const alarms = endpoint.body.lastDeploymentConfig?.AutoRollbackConfiguration?.Alarms ?? [];
    return new Date(alarms.length === 0 ? end : Math.min(end, clock.now().getTime() + LOOK_MS));
  }

  function overdue({ targetSince, lastDeploymentConfig: config }: EndpointBody): string | undefined {
    const limit = (config?.RollingUpdatePolicy ?? config?.BlueGreenUpdatePolicy)?.MaximumExecutionTimeoutInSeconds;
    if (limit === undefined || targetSince === undefined) return undefined;
    const isOver = clock.now().getTime() - Date.parse(targetSince) >= limit * 1000;
    return isOver ? `it took longer than MaximumExecutionTimeoutInSeconds (${limit})` : undefined;
  }

  return { step };
}

function endOf({ since }: EndpointRollout, { bakeSeconds }: RolloutStage): number {
  return Date.parse(since) + bakeSeconds * 1000;
}

function refOf({ accountId, region, name }: Endpoint): EndpointRef {
  return { accountId, region, name };
}
