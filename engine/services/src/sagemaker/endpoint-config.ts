import type {
  CreateEndpointConfigInput,
  CreateEndpointConfigOutput,
  DeleteEndpointConfigInput,
  DescribeEndpointConfigInput,
  DescribeEndpointConfigOutput,
  ListEndpointConfigsInput,
  ListEndpointConfigsOutput,
  ProductionVariant,
} from "@aws-sdk/client-sagemaker";
import type { Resources, Sql } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { listPage } from "./list-query.ts";
import { MODEL_NAME_PATTERN } from "./model.ts";
import { insertNamed, requireNamed, resourceType } from "./named-resource.ts";

/** An endpoint configuration's row: the input without its name and tags, with the default weights filled in. */
export type EndpointConfigBody = Omit<CreateEndpointConfigInput, "EndpointConfigName" | "Tags">;

export const ENTITY_NAME_PATTERN = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}";

/** CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs and DeleteEndpointConfig. */
export function createEndpointConfigOperations(dependencies: { readonly sql: Sql; readonly resources: Resources }) {
  const { resources } = dependencies;

  async function createEndpointConfig(
    input: CreateEndpointConfigInput,
    caller: Caller,
  ): Promise<CreateEndpointConfigOutput> {
    const { EndpointConfigName: name = "", Tags: tags, ...rest } = input;
    refuseWhatWouldChangeAnswers(rest);
    const variants = (rest.ProductionVariants ?? []).map(completeVariant);
    if (new Set(variants.map(({ VariantName }) => VariantName)).size < variants.length) {
      throw awsError("ValidationException", "The names of the ProductionVariants must be unique.");
    }
    for (const { ModelName: model = "" } of variants)
      await requireNamed(resources, caller, { type: "model", name: model });
    const body: EndpointConfigBody = { ...rest, ProductionVariants: variants };
    const config = await insertNamed(dependencies, caller, {
      type: "endpoint-config",
      name,
      status: "Created",
      body,
      tags,
    });
    return { EndpointConfigArn: config.arn };
  }

  async function describeEndpointConfig(
    input: DescribeEndpointConfigInput,
    caller: Caller,
  ): Promise<DescribeEndpointConfigOutput> {
    const name = input.EndpointConfigName ?? "";
    const config = await requireNamed<EndpointConfigBody>(resources, caller, { type: "endpoint-config", name });
    return {
      ...config.body,
      EndpointConfigName: config.name,
      EndpointConfigArn: config.arn,
      CreationTime: config.createdAt,
    };
  }

  async function listEndpointConfigs(
    input: ListEndpointConfigsInput,
    caller: Caller,
  ): Promise<ListEndpointConfigsOutput> {
    const page = await listPage<EndpointConfigBody>(resources, caller, resourceType("endpoint-config"), input);
    return {
      EndpointConfigs: page.resources.map((config) => ({
        EndpointConfigName: config.name,
        EndpointConfigArn: config.arn,
        CreationTime: config.createdAt,
      })),
      NextToken: page.nextToken,
    };
  }

  async function deleteEndpointConfig(input: DeleteEndpointConfigInput, caller: Caller): Promise<void> {
    const name = input.EndpointConfigName ?? "";
    await resources.delete(await requireNamed(resources, caller, { type: "endpoint-config", name }));
  }

  return { createEndpointConfig, describeEndpointConfig, listEndpointConfigs, deleteEndpointConfig };
}

/** Options that would make the endpoint answer otherwise, or record what it does not record, are refused instead of dropped. */
function refuseWhatWouldChangeAnswers(config: EndpointConfigBody): void {
  const refused = [
    config.AsyncInferenceConfig !== undefined && "AsyncInferenceConfig (asynchronous inference)",
    config.ExplainerConfig !== undefined && "ExplainerConfig (explanations)",
    (config.ShadowProductionVariants ?? []).length > 0 && "ShadowProductionVariants (shadow tests)",
    config.DataCaptureConfig?.EnableCapture === true && "DataCaptureConfig with EnableCapture (data capture)",
  ].find((option) => option !== false);
  if (refused !== undefined) {
    throw awsError("ValidationException", `${refused} cannot be honoured yet; see docs/operations.md.`);
  }
}

function completeVariant(variant: ProductionVariant): ProductionVariant {
  const { VariantName: name, ServerlessConfig: serverless, InitialInstanceCount: count } = variant;
  if (variant.ModelName === undefined) {
    throw awsError(
      "ValidationException",
      `The variant ${name} has no ModelName; endpoints for inference components are not offered yet.`,
    );
  }
  if ((serverless === undefined) === (variant.InstanceType === undefined && variant.InstancePools === undefined)) {
    throw awsError(
      "ValidationException",
      `The variant ${name} must have either an InstanceType or a ServerlessConfig.`,
    );
  }
  if (serverless === undefined && count === undefined) {
    throw awsError("ValidationException", `The variant ${name} must have an InitialInstanceCount.`);
  }
  return { ...variant, InitialVariantWeight: variant.InitialVariantWeight ?? 1 };
}

export const endpointConfigConstraints: Constraints = {
  "CreateEndpointConfigInput.EndpointConfigName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "CreateEndpointConfigInput.ProductionVariants": { min: 1, max: 10 },
  "CreateEndpointConfigInput.ShadowProductionVariants": { min: 1, max: 10 },
  "CreateEndpointConfigInput.KmsKeyId": { max: 2048, pattern: "[a-zA-Z0-9:/_-]*" },
  "CreateEndpointConfigInput.Tags": { max: 50 },
  "DescribeEndpointConfigInput.EndpointConfigName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "DeleteEndpointConfigInput.EndpointConfigName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "ListEndpointConfigsInput.NameContains": { max: 63, pattern: "[a-zA-Z0-9-]+" },
  "ListEndpointConfigsInput.MaxResults": { min: 1, max: 100 },
  "ListEndpointConfigsInput.NextToken": { max: 8192, pattern: ".*" },
  "ProductionVariant.VariantName": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "ProductionVariant.ModelName": { max: 63, pattern: MODEL_NAME_PATTERN },
  "ProductionVariant.InitialInstanceCount": { min: 1 },
  "ProductionVariant.InitialVariantWeight": { min: 0, isFractional: true },
  "ProductionVariant.ModelDataDownloadTimeoutInSeconds": { min: 60, max: 3600 },
  "ProductionVariant.ContainerStartupHealthCheckTimeoutInSeconds": { min: 60, max: 3600 },
  "ProductionVariant.VolumeSizeInGB": { min: 1, max: 512 },
  "ProductionVariantServerlessConfig.MemorySizeInMB": { min: 1024, max: 6144 },
  "ProductionVariantServerlessConfig.MaxConcurrency": { min: 1, max: 200 },
  "ProductionVariantServerlessConfig.ProvisionedConcurrency": { min: 1, max: 200 },
};

export const endpointConfigNotHonoured = {
  CreateEndpointConfig:
    "Refused: AsyncInferenceConfig, ExplainerConfig, ShadowProductionVariants, DataCaptureConfig with EnableCapture, variants without a ModelName. " +
    "Kept and shown, and without effect, since one process serves all variants: InstanceType, InstancePools, InitialInstanceCount (it only divides InvocationsPerInstance), ServerlessConfig, AcceleratorType, VolumeSizeInGB, " +
    "CoreDumpConfig, EnableSSMAccess, ManagedInstanceScaling, RoutingConfig, InferenceAmiVersion, CapacityReservationConfig, timeouts of download and start (4 minutes for both), MetricsConfig, KmsKeyId, VpcConfig, " +
    "EnableNetworkIsolation, ExecutionRoleArn.",
} as const;
