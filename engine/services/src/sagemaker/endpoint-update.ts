import type {
  DesiredWeightAndCapacity,
  UpdateEndpointInput,
  UpdateEndpointOutput,
  UpdateEndpointWeightsAndCapacitiesInput,
  UpdateEndpointWeightsAndCapacitiesOutput,
} from "@aws-sdk/client-sagemaker";
import type { Deployment } from "@rondo/serve";
import type { Resource } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import type { EndpointDependencies } from "./endpoint.ts";
import type { EndpointBody } from "./endpoint-body.ts";
import { ENTITY_NAME_PATTERN } from "./endpoint-config.ts";
import { requireNamed } from "./named-resource.ts";
import { resolveDeployment, retainVariantProperties } from "./resolve-deployment.ts";

/** UpdateEndpoint and UpdateEndpointWeightsAndCapacities: they write down what is wanted; endpoint-kind.ts brings it about. */
export function createEndpointUpdateOperations(dependencies: EndpointDependencies) {
  async function updateEndpoint(input: UpdateEndpointInput, caller: Caller): Promise<UpdateEndpointOutput> {
    const resolved = await resolveDeployment(dependencies.resources, caller, input.EndpointConfigName ?? "");
    const endpoint = await startUpdate(dependencies, caller, input.EndpointName, ({ deployed, body }) => ({
      target:
        input.RetainAllVariantProperties === true
          ? retainVariantProperties(resolved, deployed, input.ExcludeRetainedVariantProperties ?? [])
          : resolved,
      lastDeploymentConfig: input.RetainDeploymentConfig === true ? body.lastDeploymentConfig : input.DeploymentConfig,
    }));
    return { EndpointArn: endpoint.arn };
  }

  async function updateEndpointWeightsAndCapacities(
    input: UpdateEndpointWeightsAndCapacitiesInput,
    caller: Caller,
  ): Promise<UpdateEndpointWeightsAndCapacitiesOutput> {
    const endpoint = await startUpdate(dependencies, caller, input.EndpointName, ({ deployed, body }) => ({
      target: withDesired(deployed, input.DesiredWeightsAndCapacities ?? [], input.EndpointName),
      lastDeploymentConfig: body.lastDeploymentConfig,
    }));
    return { EndpointArn: endpoint.arn };
  }

  return { updateEndpoint, updateEndpointWeightsAndCapacities };
}

type Update = Pick<EndpointBody, "target" | "lastDeploymentConfig">;

/** Only an endpoint that is InService can be updated; the row is locked from the look to the write. */
async function startUpdate(
  { sql, resources, clock }: EndpointDependencies,
  caller: Caller,
  name = "",
  plan: (current: { readonly deployed: Deployment; readonly body: EndpointBody }) => Update,
): Promise<Resource<EndpointBody>> {
  return await sql.transaction(async (transaction) => {
    const endpoint = await requireNamed<EndpointBody>(resources, caller, { type: "endpoint", name }, transaction);
    const { deployed } = endpoint.body;
    if (endpoint.status === "Failed") {
      throw awsError("ValidationException", `Cannot update failed endpoint "${endpoint.arn}"; delete and create it.`);
    }
    if (endpoint.status !== "InService" || deployed === undefined) {
      throw awsError("ValidationException", `Cannot update in-progress endpoint "${endpoint.arn}".`);
    }
    const { failureReason: _, ...before } = endpoint.body;
    const body = { ...before, ...plan({ deployed, body: endpoint.body }), targetSince: clock.now().toISOString() };
    return await resources.update(endpoint, { status: "Updating", body, due: "now" }, transaction);
  });
}

function withDesired(
  deployed: Deployment,
  desired: readonly DesiredWeightAndCapacity[],
  endpointName: string | undefined,
): Deployment {
  const unknown = desired.find(({ VariantName }) => !deployed.variants.some(({ name }) => name === VariantName));
  if (unknown !== undefined) {
    throw awsError("ValidationException", `The endpoint ${endpointName} has no variant ${unknown.VariantName}.`);
  }
  const variants = deployed.variants.map((variant) => {
    const change = desired.find(({ VariantName }) => VariantName === variant.name);
    return {
      ...variant,
      weight: change?.DesiredWeight ?? variant.weight,
      instanceCount: change?.DesiredInstanceCount ?? variant.instanceCount,
    };
  });
  return { ...deployed, variants };
}

export const endpointUpdateConstraints: Constraints = {
  "UpdateEndpointInput.EndpointName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "UpdateEndpointInput.EndpointConfigName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "UpdateEndpointInput.ExcludeRetainedVariantProperties": { max: 3 },
  "UpdateEndpointWeightsAndCapacitiesInput.EndpointName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "UpdateEndpointWeightsAndCapacitiesInput.DesiredWeightsAndCapacities": { min: 1 },
  "DesiredWeightAndCapacity.VariantName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "DesiredWeightAndCapacity.DesiredWeight": { min: 0, isFractional: true },
  "DesiredWeightAndCapacity.DesiredInstanceCount": { min: 0 },
};

const DEPLOYMENT_CONFIG =
  "DeploymentConfig is kept and shown; traffic moves all at once (CANARY, LINEAR and rolling updates, wait intervals and automatic rollback by alarms have no effect). " +
  "An update whose models cannot be loaded is rolled back in any case.";

export const endpointNotHonoured = {
  CreateEndpoint: DEPLOYMENT_CONFIG,
  UpdateEndpoint: DEPLOYMENT_CONFIG,
  DeleteEndpoint:
    "An endpoint that is Creating, Updating or RollingBack can be deleted, which ends its loading; AWS refuses that.",
  UpdateEndpointWeightsAndCapacities:
    "DesiredInstanceCount is kept and shown and divides InvocationsPerInstance; one process serves all. ServerlessUpdateConfig has no effect.",
} as const;
