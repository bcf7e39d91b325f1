import type { ContainerDefinition, CreateModelInput } from "@aws-sdk/client-sagemaker";
import type { Owner, Resources } from "@rondo/store";
import { awsError } from "@rondo/wire";
import type { ModelPackageRow } from "./model-package-body.ts";
import { requirePackage } from "./model-package-lookup.ts";

/** A model's row: CreateModel's input without its name and tags. A container that names a model package is resolved when it is deployed. */
export type ModelBody = Omit<CreateModelInput, "ModelName" | "Tags">;

/** The containers of a model in the order in which they would run. Throws ValidationException unless exactly one of the two forms is used. */
export function containersOf(model: ModelBody): readonly ContainerDefinition[] {
  const { PrimaryContainer: primary, Containers: several } = model;
  if (primary !== undefined && several === undefined) return [primary];
  if (primary === undefined && several !== undefined && several.length > 0) return several;
  throw awsError("ValidationException", "Exactly one of PrimaryContainer and Containers must be given.");
}

/**
 * The containers that a model consists of now: one that names a model package stands for the package's own. Throws ValidationException for a
 * package that is missing, says nothing of its containers, or is a version that is not Approved: AWS deploys approved versions only.
 */
export async function resolveContainers(
  resources: Resources,
  owner: Owner,
  model: ModelBody,
): Promise<readonly ContainerDefinition[]> {
  const resolved: ContainerDefinition[] = [];
  for (const container of containersOf(model)) {
    const { ModelPackageName: name } = container;
    if (name === undefined) resolved.push(container);
    else resolved.push(...containersOfPackage(await requirePackage(resources, owner, name), container));
  }
  return resolved;
}

function containersOfPackage(
  { arn, body }: ModelPackageRow,
  { InferenceSpecificationName: name, Environment: environment }: ContainerDefinition,
): ContainerDefinition[] {
  if (body.registration.type === "Versioned" && body.ModelApprovalStatus !== "Approved") {
    throw awsError(
      "ValidationException",
      `Model package ${arn} is ${body.ModelApprovalStatus}; only an Approved model package can be deployed.`,
    );
  }
  const specification =
    name === undefined
      ? body.InferenceSpecification
      : body.AdditionalInferenceSpecifications?.find(({ Name }) => Name === name);
  if (specification === undefined) {
    const missing = name === undefined ? "InferenceSpecification" : `inference specification ${name}`;
    throw awsError("ValidationException", `Model package ${arn} has no ${missing}.`);
  }
  return (specification.Containers ?? []).map(
    ({ ContainerHostname, Image, ModelDataUrl, ModelDataSource, Environment }) => ({
      ContainerHostname,
      Image,
      ModelDataUrl,
      ModelDataSource,
      // What CreateModel says wins over what was registered.
      Environment: { ...Environment, ...environment },
    }),
  );
}
