import type { ReconcileContext, ResourceKind } from "@rondo/control";
import { announceEndpoint, type Deployment, type EndpointRef, ServeError, type Serving } from "@rondo/serve";
import type { Resource, ResourcePatch, Resources, Sql } from "@rondo/store";
import type { EndpointBody } from "./endpoint-body.ts";
import { resourceType } from "./named-resource.ts";

export interface EndpointKindDependencies {
  readonly sql: Sql;
  readonly resources: Pick<Resources, "delete">;
  readonly serving: Pick<Serving, "deploy" | "remove" | "restore">;
  readonly clock: { now(): Date };
}

type Patch = ResourcePatch<EndpointBody>;

/**
 * How an endpoint changes: Creating → InService or Failed; Updating → InService, by way of RollingBack when the new models cannot be loaded;
 * Deleting → gone. Traffic moves before the row says so: a crash in between repeats the deployment and nothing else.
 */
export function createEndpointKind(dependencies: EndpointKindDependencies): ResourceKind<EndpointBody> {
  const { sql, resources, serving, clock } = dependencies;

  async function reconcile(endpoint: Resource<EndpointBody>, context: ReconcileContext): Promise<Patch> {
    if (endpoint.status === "Deleting") {
      await serving.remove(refOf(endpoint));
      context.crashPoint("endpoint-removed");
      await resources.delete(endpoint);
      await announceEndpoint(sql, sql, refOf(endpoint));
      return {};
    }
    const { target } = endpoint.body;
    if (endpoint.status === "Failed") return { due: null };
    return target === undefined ? await goOn(endpoint, context) : await deploy(endpoint, target, context);
  }

  async function deploy(
    endpoint: Resource<EndpointBody>,
    target: Deployment,
    context: ReconcileContext,
  ): Promise<Patch> {
    try {
      const deployed = await serving.deploy(refOf(endpoint), target, context.signal);
      context.crashPoint("endpoint-deployed");
      const { target: _, targetSince: __, failureReason: ___, ...body } = endpoint.body;
      const served = { ...body, deployed, deployedAt: clock.now().toISOString() };
      return await announce(await context.save(endpoint, { status: "InService", body: served, due: "now" }));
    } catch (error) {
      if (!(error instanceof ServeError) || error.code !== "ModelNotLoadable") throw error;
      const failed = failedPatch(endpoint, error.message);
      if (failed.status === "Failed") return failed;
      const rollingBack = await context.save(endpoint, { ...failed, status: "RollingBack", due: "now" });
      context.crashPoint("endpoint-rolling-back");
      return await goOn(rollingBack, context);
    }
  }

  /** Serves what was served before: after a roll-back, or when a restart could not load it. */
  async function goOn(endpoint: Resource<EndpointBody>, context: ReconcileContext): Promise<Patch> {
    try {
      await serving.restore(refOf(endpoint), context.signal);
      return await announce(endpoint);
    } catch (error) {
      if (!(error instanceof ServeError)) throw error;
      return { status: "Failed", body: { ...endpoint.body, failureReason: error.message }, due: null };
    }
  }

  /** The row is written: other processes may read what it serves now. */
  async function announce(endpoint: Resource<EndpointBody>): Promise<Patch> {
    await announceEndpoint(sql, sql, refOf(endpoint));
    return { status: "InService", due: null };
  }

  return { type: resourceType("endpoint"), reconcile, giveUp: failedPatch };
}

/** An endpoint that served something goes on serving it, with the reason beside it; any other is Failed. */
function failedPatch(endpoint: Resource<EndpointBody>, reason: string): Patch {
  const { target: _, targetSince: __, ...before } = endpoint.body;
  const body = { ...before, failureReason: reason };
  return { status: before.deployed === undefined ? "Failed" : "InService", body, due: null };
}

function refOf({ accountId, region, name }: Resource<EndpointBody>): EndpointRef {
  return { accountId, region, name };
}
