import type { UpdateModelPackageInput, UpdateModelPackageOutput } from "@aws-sdk/client-sagemaker";
import type { Resources, Sql } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { type ModelPackageBody, userOf } from "./model-package-body.ts";
import { requirePackage } from "./model-package-lookup.ts";
import { resolveSource } from "./model-package-source.ts";
import { checkAdditional, checkSpecification } from "./model-package-validation.ts";
import { requireNamed } from "./named-resource.ts";

const MAX_CUSTOMER_METADATA = 50;

/** UpdateModelPackage: approval, and what may be added to a package after it was registered. */
export function createModelPackageUpdateOperations(dependencies: { readonly sql: Sql; readonly resources: Resources }) {
  const { sql, resources } = dependencies;

  async function updateModelPackage(input: UpdateModelPackageInput, caller: Caller): Promise<UpdateModelPackageOutput> {
    const { name } = await requirePackage(resources, caller, input.ModelPackageArn ?? "");
    if (input.InferenceSpecification !== undefined && input.SourceUri !== undefined) {
      throw awsError("ValidationException", "InferenceSpecification and SourceUri cannot be given together.");
    }
    const source = await resolveSource(resources, caller, {
      SourceUri: input.SourceUri,
      InferenceSpecification: input.InferenceSpecification,
    });
    return await sql.transaction(async (transaction) => {
      const reference = { type: "model-package", name } as const;
      const row = await requireNamed<ModelPackageBody>(resources, caller, reference, transaction);
      const { registration } = row.body;
      if (input.ClientToken !== undefined && registration.updateToken === input.ClientToken) {
        return { ModelPackageArn: row.arn };
      }
      const body: ModelPackageBody = {
        ...updated(row.body, input),
        ...(source.InferenceSpecification === undefined
          ? {}
          : { InferenceSpecification: source.InferenceSpecification }),
        LastModifiedBy: userOf(caller),
        registration: { ...registration, updateToken: input.ClientToken },
      };
      await resources.update(row, { body }, transaction);
      return { ModelPackageArn: row.arn };
    });
  }

  return { updateModelPackage };
}

function updated(body: ModelPackageBody, input: UpdateModelPackageInput): ModelPackageBody {
  if (input.ModelApprovalStatus !== undefined && body.registration.type === "Unversioned") {
    throw awsError("ValidationException", "ModelApprovalStatus applies to versions of a model package group only.");
  }
  if (input.InferenceSpecification !== undefined) {
    checkSpecification(input.InferenceSpecification, "InferenceSpecification");
  }
  const { ModelApprovalStatus, ApprovalDescription, SourceUri, ModelCard, ModelLifeCycle } = input;
  const { ModelPackageRegistrationType } = input;
  const replaced = {
    ModelApprovalStatus,
    ApprovalDescription,
    SourceUri,
    ModelCard,
    ModelLifeCycle,
    ModelPackageRegistrationType,
  };
  const given = Object.fromEntries(Object.entries(replaced).filter(([, value]) => value !== undefined));
  const additional = [
    ...(body.AdditionalInferenceSpecifications ?? []),
    ...(input.AdditionalInferenceSpecificationsToAdd ?? []),
  ];
  checkAdditional(additional);
  return {
    ...body,
    ...given,
    ...(additional.length === 0 ? {} : { AdditionalInferenceSpecifications: additional }),
    CustomerMetadataProperties: mergedMetadata(body.CustomerMetadataProperties, input),
  };
}

function mergedMetadata(
  before: Readonly<Record<string, string>> | undefined,
  { CustomerMetadataProperties: added, CustomerMetadataPropertiesToRemove: removed = [] }: UpdateModelPackageInput,
): Record<string, string> | undefined {
  const kept = Object.entries(before ?? {}).filter(([key]) => !removed.includes(key));
  const merged = { ...Object.fromEntries(kept), ...added };
  const count = Object.keys(merged).length;
  if (count > MAX_CUSTOMER_METADATA) {
    throw awsError("ValidationException", `A model package has at most ${MAX_CUSTOMER_METADATA} metadata properties.`);
  }
  return count === 0 ? undefined : merged;
}
