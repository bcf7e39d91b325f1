import type {
  ContainerDefinition,
  CreateModelInput,
  CreateModelOutput,
  DeleteModelInput,
  DescribeModelInput,
  DescribeModelOutput,
  ListModelsInput,
  ListModelsOutput,
} from "@aws-sdk/client-sagemaker";
import type { Resources, Sql } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { listPage } from "./list-query.ts";
import { containersOf, type ModelBody, resolveContainers } from "./model-containers.ts";
import { insertNamed, requireNamed, resourceType } from "./named-resource.ts";

export const MODEL_NAME_PATTERN = String.raw`[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?`;

/**
 * CreateModel, DescribeModel, ListModels and DeleteModel. As on AWS a model is data: whether its image can be served and its artifact loaded
 * shows when an endpoint is created from it.
 */
export function createModelOperations(dependencies: { readonly sql: Sql; readonly resources: Resources }) {
  const { resources } = dependencies;

  async function createModel(input: CreateModelInput, caller: Caller): Promise<CreateModelOutput> {
    const { ModelName: name = "", Tags: tags, ...body } = input;
    for (const container of containersOf(body)) checkContainer(container);
    for (const container of await resolveContainers(resources, caller, body)) checkArtifact(container);
    const model = await insertNamed(dependencies, caller, { type: "model", name, status: "Created", body, tags });
    return { ModelArn: model.arn };
  }

  async function describeModel(input: DescribeModelInput, caller: Caller): Promise<DescribeModelOutput> {
    const name = input.ModelName ?? "";
    const model = await requireNamed<ModelBody>(resources, caller, { type: "model", name });
    return { ...model.body, ModelName: model.name, ModelArn: model.arn, CreationTime: model.createdAt };
  }

  async function listModels(input: ListModelsInput, caller: Caller): Promise<ListModelsOutput> {
    const page = await listPage<ModelBody>(resources, caller, resourceType("model"), input);
    return {
      Models: page.resources.map((model) => ({
        ModelName: model.name,
        ModelArn: model.arn,
        CreationTime: model.createdAt,
      })),
      NextToken: page.nextToken,
    };
  }

  async function deleteModel(input: DeleteModelInput, caller: Caller): Promise<void> {
    await resources.delete(await requireNamed(resources, caller, { type: "model", name: input.ModelName ?? "" }));
  }

  return { createModel, describeModel, listModels, deleteModel };
}

function checkContainer(container: ContainerDefinition): void {
  const { Image, ModelPackageName, ModelDataUrl, ModelDataSource, InferenceSpecificationName } = container;
  if (container.AdditionalModelDataSources !== undefined) {
    throw awsError("ValidationException", "AdditionalModelDataSources cannot be used yet.");
  }
  if (ModelPackageName === undefined) {
    if (Image === undefined)
      throw awsError("ValidationException", "A container must have an Image or a ModelPackageName.");
    if (InferenceSpecificationName !== undefined) {
      throw awsError("ValidationException", "InferenceSpecificationName needs a ModelPackageName.");
    }
  } else if (Image !== undefined || ModelDataUrl !== undefined || ModelDataSource !== undefined) {
    throw awsError(
      "ValidationException",
      "A container with a ModelPackageName takes its Image, ModelDataUrl and ModelDataSource from the model package.",
    );
  }
}

/** Of a container whose model package, if it names one, is resolved. */
function checkArtifact(container: ContainerDefinition): void {
  const source = container.ModelDataSource?.S3DataSource;
  if (container.ModelDataSource === undefined) return;
  if (container.ModelDataUrl !== undefined) {
    throw awsError("ValidationException", "Only one of ModelDataUrl and ModelDataSource may be given.");
  }
  if (source?.S3DataType !== "S3Object" || source.CompressionType !== "Gzip") {
    throw awsError(
      "ValidationException",
      "Of ModelDataSource only S3DataType S3Object with CompressionType Gzip can be used yet.",
    );
  }
}

const ENVIRONMENT_PATTERN = String.raw`[\S\s]*`;

export const modelConstraints: Constraints = {
  "CreateModelInput.ModelName": { max: 63, pattern: MODEL_NAME_PATTERN },
  "CreateModelInput.ExecutionRoleArn": {
    min: 20,
    max: 2048,
    pattern: String.raw`arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`,
  },
  "CreateModelInput.Containers": { max: 15 },
  "CreateModelInput.Tags": { max: 50 },
  "DescribeModelInput.ModelName": { max: 63, pattern: MODEL_NAME_PATTERN },
  "DeleteModelInput.ModelName": { max: 63, pattern: MODEL_NAME_PATTERN },
  "ListModelsInput.NameContains": { max: 63, pattern: "[a-zA-Z0-9-]+" },
  "ListModelsInput.MaxResults": { min: 1, max: 100 },
  "ListModelsInput.NextToken": { max: 8192, pattern: ".*" },
  "ContainerDefinition.ContainerHostname": { max: 63, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}" },
  "ContainerDefinition.Image": { max: 255, pattern: String.raw`[\S]+` },
  "ContainerDefinition.ModelDataUrl": { max: 1024, pattern: "(https|s3)://([^/]+)/?(.*)" },
  "ContainerDefinition.Environment": { max: 100 },
  "ContainerDefinition.Environment{key}": { max: 1024, pattern: "[a-zA-Z_][a-zA-Z0-9_]*" },
  "ContainerDefinition.Environment{value}": { max: 1024, pattern: ENVIRONMENT_PATTERN },
  "S3ModelDataSource.S3Uri": { max: 1024, pattern: "(https|s3)://([^/]+)/?(.*)" },
};

export const modelNotHonoured = {
  CreateModel:
    "VpcConfig, EnableNetworkIsolation, ExecutionRoleArn, ImageConfig and ContainerMetricsConfig are kept and shown, and change nothing: models run in the server's own process. " +
    "Several containers, mode MultiModel and images that are not built in are accepted here; an endpoint of such a model becomes Failed and says why.",
} as const;
