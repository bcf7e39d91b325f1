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
import { checkDeploymentConfig, deploymentConfigConstraints } from "./endpoint-deployment-config.ts";
import { requireNamed } from "./named-resource.ts";
import { resolveDeployment, retainVariantProperties } from "./resolve-deployment.ts";

/** UpdateEndpoint and UpdateEndpointWeightsAndCapacities: they write down what is wanted; endpoint-kind.ts brings it about. */
export function createEndpointUpdateOperations(dependencies: EndpointDependencies) {
  async function updateEndpoint(input: UpdateEndpointInput, caller: Caller): Promise<UpdateEndpointOutput> {
    const resolved = await resolveDeployment(dependencies.resources, caller, input.EndpointConfigName ?? "");
    const plan = ({ deployed, body }: Current): Update => ({
      target:
        input.RetainAllVariantProperties === true
          ? retainVariantProperties(resolved, deployed, input.ExcludeRetainedVariantProperties ?? [])
          : resolved,
      lastDeploymentConfig: input.RetainDeploymentConfig === true ? body.lastDeploymentConfig : input.DeploymentConfig,
    });
    await checkPlan(input.EndpointName ?? "", caller, plan);
    const endpoint = await startUpdate(dependencies, caller, input.EndpointName, plan);
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

  /** Before the row is locked, since alarms are looked up. */
  async function checkPlan(name: string, caller: Caller, plan: (current: Current) => Update): Promise<void> {
    const { resources } = dependencies;
    const { body } = await requireNamed<EndpointBody>(resources, caller, { type: "endpoint", name });
    if (body.deployed === undefined) return;
    const { target, lastDeploymentConfig } = plan({ deployed: body.deployed, body });
    if (target !== undefined) await checkDeploymentConfig(resources, caller, lastDeploymentConfig, target);
  }

  return { updateEndpoint, updateEndpointWeightsAndCapacities };
}

interface Current {
  readonly deployed: Deployment;
  readonly body: EndpointBody;
}

type Update = Pick<EndpointBody, "target" | "lastDeploymentConfig">;

/** Only an endpoint that is InService can be updated; the row is locked from the look to the write. */
async function startUpdate(
  { sql, resources, clock }: EndpointDependencies,
  caller: Caller,
  name = "",
  plan: (current: Current) => Update,
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
  ...deploymentConfigConstraints,
  "UpdateEndpointInput.EndpointName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "UpdateEndpointInput.EndpointConfigName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "UpdateEndpointInput.ExcludeRetainedVariantProperties": { max: 3 },
  "UpdateEndpointWeightsAndCapacitiesInput.EndpointName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "UpdateEndpointWeightsAndCapacitiesInput.DesiredWeightsAndCapacities": { min: 1 },
  "DesiredWeightAndCapacity.VariantName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "DesiredWeightAndCapacity.DesiredWeight": { min: 0, isFractional: true },
  "DesiredWeightAndCapacity.DesiredInstanceCount": { min: 0 },
};

export const endpointNotHonoured = {
  CreateEndpoint:
    "DeploymentConfig is checked and kept for updates with RetainDeploymentConfig: a new endpoint has no traffic to shift.",
  UpdateEndpoint:
    "A roll-out's share of the capacity is a share of the requests: one process serves both fleets (docs/rollouts.md). RollbackMaximumBatchSize has no effect: a rolling update goes back in one step.",
  DeleteEndpoint:
    "An endpoint that is Creating, Updating or RollingBack can be deleted, which ends its loading; AWS refuses that.",
  UpdateEndpointWeightsAndCapacities:
    "DesiredInstanceCount is kept and shown and divides InvocationsPerInstance; one process serves all. ServerlessUpdateConfig has no effect.",
} as const;
