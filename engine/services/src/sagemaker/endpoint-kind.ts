import type { ReconcileContext, ResourceKind } from "@rondo/control";
import { announceEndpoint, type Deployment, type EndpointRef, ServeError, type Serving } from "@rondo/serve";
import type { Resource, ResourcePatch, Resources, Sql } from "@rondo/store";
import type { EndpointBody } from "./endpoint-body.ts";
import { createRollout } from "./endpoint-rollout.ts";
import { resourceType } from "./named-resource.ts";

export interface EndpointKindDependencies {
  readonly sql: Sql;
  readonly resources: Pick<Resources, "delete" | "find">;
  readonly serving: Pick<Serving, "deploy" | "split" | "remove">;
  readonly clock: { now(): Date };
}

type Endpoint = Resource<EndpointBody>;
type Patch = ResourcePatch<EndpointBody>;

/**
 * How an endpoint changes: Creating → InService or Failed; Updating → InService, stage by stage where its deployment configuration says so, and by way of
 * RollingBack when the new models cannot be loaded, an alarm rings or the time is over; Deleting → gone. A crash repeats the last step and nothing else.
 */
export function createEndpointKind(dependencies: EndpointKindDependencies): ResourceKind<EndpointBody> {
  const { sql, resources, serving, clock } = dependencies;
  const rollout = createRollout(dependencies);

  async function reconcile(endpoint: Endpoint, context: ReconcileContext): Promise<Patch> {
    if (endpoint.status === "Deleting") {
      await serving.remove(refOf(endpoint));
      context.crashPoint("endpoint-removed");
      await resources.delete(endpoint);
      await announceEndpoint(sql, sql, refOf(endpoint));
      return {};
    }
    const { target } = endpoint.body;
    if (endpoint.status === "Failed") return { due: null };
    if (target === undefined) return await goOn(endpoint, context);
    try {
      return await bringUp(endpoint, target, context);
    } catch (error) {
      if (!(error instanceof ServeError) || error.code !== "ModelNotLoadable") throw error;
      return await rollBack(endpoint, error.message, context);
    }
  }

  async function bringUp(endpoint: Endpoint, target: Deployment, context: ReconcileContext): Promise<Patch> {
    const { deployed } = endpoint.body;
    // A new endpoint has no traffic to move, and a change of weights no models to load.
    if (deployed === undefined || deployed.id === target.id) return await deploy(endpoint, target, context);
    const step = await rollout.step(endpoint, { deployed, target }, context);
    if (step.next === "wait") return step.patch;
    if (step.next === "complete") return await deploy(endpoint, target, context);
    const update = `The update to the endpoint configuration ${target.endpointConfigName}`;
    return await rollBack(endpoint, `${update} was rolled back: ${step.reason}.`, context);
  }

  /** All traffic to the target, for good. It moves before the row says so. */
  async function deploy(endpoint: Endpoint, target: Deployment, context: ReconcileContext): Promise<Patch> {
    const deployed = await serving.deploy(refOf(endpoint), target, context.signal);
    context.crashPoint("endpoint-deployed");
    const { failureReason: _, ...body } = withoutTarget(endpoint.body);
    const served = { ...body, deployed, deployedAt: clock.now().toISOString() };
    return await announce(await context.save(endpoint, { status: "InService", body: served, due: "now" }));
  }

  /** What was served before gets all traffic again; its models are still loaded. */
  async function rollBack(endpoint: Endpoint, reason: string, context: ReconcileContext): Promise<Patch> {
    const failed = failedPatch(endpoint, reason);
    if (failed.status === "Failed") return failed;
    const rollingBack = await context.save(endpoint, { ...failed, status: "RollingBack", due: "now" });
    // Others that serve the endpoint need not wait until this process, which may have to load the fleet first, has gone back.
    await announceEndpoint(sql, sql, refOf(endpoint));
    context.crashPoint("endpoint-rolling-back");
    return await goOn(rollingBack, context);
  }

  /** Serves what was served before: after a roll-back, or when a restart could not load it. */
  async function goOn(endpoint: Endpoint, context: ReconcileContext): Promise<Patch> {
    const { deployed } = endpoint.body;
    if (deployed === undefined) return failedPatch(endpoint, "There is nothing to serve.");
    try {
      await serving.deploy(refOf(endpoint), deployed, context.signal);
      return await announce(endpoint);
    } catch (error) {
      if (!(error instanceof ServeError)) throw error;
      return { status: "Failed", body: { ...endpoint.body, failureReason: error.message }, due: null };
    }
  }

  /** The row is written: other processes may read what it serves now. */
  async function announce(endpoint: Endpoint): Promise<Patch> {
    await announceEndpoint(sql, sql, refOf(endpoint));
    return { status: "InService", due: null };
  }

  return { type: resourceType("endpoint"), reconcile, giveUp };
}

/** An update that cannot go on is rolled back, which takes another step; what cannot even do that is left as it answers. */
function giveUp(endpoint: Endpoint, reason: string): Patch {
  const failed = failedPatch(endpoint, reason);
  const isUpdate = endpoint.body.target !== undefined && endpoint.body.deployed !== undefined;
  return isUpdate ? { ...failed, status: "RollingBack", due: "now" } : failed;
}

/** An endpoint that served something goes on serving it, with the reason beside it; any other is Failed. */
function failedPatch(endpoint: Endpoint, reason: string): Patch {
  const body = { ...withoutTarget(endpoint.body), failureReason: reason };
  return { status: body.deployed === undefined ? "Failed" : "InService", body, due: null };
}

function withoutTarget(body: EndpointBody): EndpointBody {
  const { target: _, targetSince: __, targetShare: ___, rollout: ____, ...rest } = body;
  return rest;
}

function refOf({ accountId, region, name }: Endpoint): EndpointRef {
  return { accountId, region, name };
}
