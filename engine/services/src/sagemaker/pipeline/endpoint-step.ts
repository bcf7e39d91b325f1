import { isObject, type Json, type JsonObject } from "./definition.ts";
import { describeIfThere, type StepResourceType, textOf } from "./step-resource.ts";

/** An endpoint: created when it is not there yet, else brought to the configuration of the step. Done when it serves that. */
export const endpointType: StepResourceType = {
  metadata: "Endpoint",
  name: ({ EndpointName: name, EndpointConfigName: config }, unique) => ({
    name: textOf(name) || unique(undefined),
    endpointConfigName: textOf(config),
  }),
  async create(call) {
    const { resource, request, invoke } = call;
    const existing = await describeIfThere(endpointType, call);
    if (existing === undefined) {
      const created = await invoke("CreateEndpoint", { ...request, EndpointName: resource.name });
      return { ...resource, arn: textOf(created.EndpointArn) };
    }
    const arn = textOf(existing.EndpointArn);
    // Under way or done already: by this step before a crash, or by somebody who wanted the same.
    if (targetOf(existing) === resource.endpointConfigName) return { ...resource, arn };
    const { DeploymentConfig: deployment } = request;
    const input = { EndpointName: resource.name, EndpointConfigName: resource.endpointConfigName ?? "" };
    await invoke("UpdateEndpoint", deployment === undefined ? input : { ...input, DeploymentConfig: deployment });
    return { ...resource, arn };
  },
  describe: ({ resource, invoke }) => invoke("DescribeEndpoint", { EndpointName: resource.name }),
  stateOf(description, { endpointConfigName: wanted }) {
    const { EndpointStatus: status, EndpointConfigName: served, FailureReason: failure } = description;
    if (!SETTLED.includes(status ?? null)) return { state: "running" };
    if (status === "InService" && served === wanted) return { state: "succeeded" };
    const reason =
      textOf(failure) ||
      `The endpoint is ${textOf(status)} with the configuration ${textOf(served)}, not with ${wanted}.`;
    return { state: "failed", reason };
  },
};

const SETTLED: readonly Json[] = ["InService", "Failed", "OutOfService", "UpdateRollbackFailed"];

/** The configuration that the endpoint serves or is on its way to. */
function targetOf({ EndpointConfigName: served, PendingDeploymentSummary: pending }: JsonObject): string {
  return textOf(isObject(pending) ? pending.EndpointConfigName : served);
}
