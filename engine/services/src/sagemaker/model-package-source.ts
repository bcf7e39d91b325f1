import type { ContainerDefinition, CreateModelPackageInput, InferenceSpecification } from "@aws-sdk/client-sagemaker";
import type { Owner, Resources } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { sageMakerArn } from "./arn.ts";
import { containersOf, type ModelBody } from "./model-containers.ts";
import { requirePackage } from "./model-package-lookup.ts";
import { resourceType } from "./named-resource.ts";
import { TRAINING_JOB } from "./training-job-body.ts";

/** What a package is made of and what made it, as far as the request leaves it to be found out. */
export interface ModelPackageSource {
  readonly InferenceSpecification?: InferenceSpecification;
  readonly MetadataProperties?: CreateModelPackageInput["MetadataProperties"];
}

/**
 * A SourceUri that is the ARN of a model package or a model gives the containers, as on AWS. Where GeneratedBy is not given it becomes the
 * ARN of the training job whose artifact the package contains, if there is one: lineage that can be told.
 */
export async function resolveSource(
  resources: Resources,
  owner: Owner,
  input: Pick<CreateModelPackageInput, "SourceUri" | "InferenceSpecification" | "MetadataProperties">,
): Promise<ModelPackageSource> {
  const specification = input.InferenceSpecification ?? (await specificationOf(resources, owner, input.SourceUri));
  const metadata = input.MetadataProperties;
  const generatedBy = metadata?.GeneratedBy ?? (await trainingJobArn(resources, owner, specification));
  return {
    ...(specification === undefined ? {} : { InferenceSpecification: specification }),
    ...(generatedBy === undefined && metadata === undefined
      ? {}
      : { MetadataProperties: { ...metadata, GeneratedBy: generatedBy } }),
  };
}

async function specificationOf(
  resources: Resources,
  owner: Owner,
  uri = "",
): Promise<InferenceSpecification | undefined> {
  if (/^arn:[^:]*:sagemaker:[^:]*:[^:]*:model-package\//.test(uri)) {
    return (await requirePackage(resources, owner, uri)).body.InferenceSpecification;
  }
  if (!/^arn:[^:]*:sagemaker:[^:]*:[^:]*:model\//.test(uri)) return undefined;
  const { accountId, region } = owner;
  const type = resourceType("model");
  const [model] = (await resources.list<ModelBody>({ accountId, region, type, arn: uri, limit: 1 })).resources;
  if (model === undefined) throw awsError("ValidationException", `Could not find model "${uri}".`);
  return { Containers: containersOf(model.body).map(packaged) };
}

function packaged({ ContainerHostname, Image, ModelDataUrl, ModelDataSource, Environment }: ContainerDefinition) {
  return { ContainerHostname, Image, ModelDataUrl, ModelDataSource, Environment };
}

async function trainingJobArn(
  resources: Resources,
  owner: Owner,
  specification: InferenceSpecification | undefined,
): Promise<string | undefined> {
  const [artifact] = (specification?.Containers ?? []).flatMap(
    ({ ModelDataUrl, ModelDataSource }) => ModelDataUrl ?? ModelDataSource?.S3DataSource?.S3Uri ?? [],
  );
  if (artifact === undefined) return undefined;
  const { accountId, region } = owner;
  const { resources: jobs } = await resources.list({
    accountId,
    region,
    type: TRAINING_JOB,
    bodyContains: { ModelArtifacts: { S3ModelArtifacts: artifact } },
    sortOrder: "descending",
    limit: 1,
  });
  return jobs[0] === undefined ? undefined : sageMakerArn(owner, "training-job", jobs[0].name);
}
