import { createHash } from "node:crypto";
import type {
  CreateModelPackageInput,
  CreateModelPackageOutput,
  DeleteModelPackageInput,
  DescribeModelPackageInput,
  DescribeModelPackageOutput,
} from "@aws-sdk/client-sagemaker";
import type { Resources, Sql, SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import {
  describePackage,
  type ModelPackageBody,
  type ModelPackageRegistration,
  type ModelPackageRow,
  userOf,
} from "./model-package-body.ts";
import type { ModelPackageGroupBody } from "./model-package-group.ts";
import { groupNameOf, requirePackage } from "./model-package-lookup.ts";
import { resolveSource } from "./model-package-source.ts";
import { checkModelPackage } from "./model-package-validation.ts";
import { insertNamed, requireNamed, resourceType } from "./named-resource.ts";

/** A package whose containers name nothing to be validated is complete at once, as a version is on AWS. */
const COMPLETED = "Completed";

/** CreateModelPackage, DescribeModelPackage and DeleteModelPackage. */
export function createModelPackageOperations(dependencies: { readonly sql: Sql; readonly resources: Resources }) {
  const { sql, resources } = dependencies;

  async function createModelPackage(input: CreateModelPackageInput, caller: Caller): Promise<CreateModelPackageOutput> {
    checkModelPackage(input);
    const body = await newBody(resources, input, caller);
    const { ModelPackageName: name, Tags: tags } = input;
    if (name !== undefined) return await createUnversioned({ name, tags }, body, caller);
    const group = await groupNameOf(resources, caller, input.ModelPackageGroupName ?? "");
    return await createVersion(group, body, caller);
  }

  /** The group's row is locked from the next number to the insert: versions have neither gaps nor doubles, also when several come at once. */
  async function createVersion(
    name: string,
    body: ModelPackageBody,
    caller: Caller,
  ): Promise<CreateModelPackageOutput> {
    return await sql.transaction(async (transaction) => {
      const group = await requireNamed<ModelPackageGroupBody>(
        resources,
        caller,
        { type: "model-package-group", name },
        transaction,
      );
      const existing = await findByToken(transaction, caller, group.name, body.registration);
      if (existing !== undefined) return { ModelPackageArn: existing };
      const lastVersion = group.body.lastVersion + 1;
      await resources.update(group, { body: { ...group.body, lastVersion } }, transaction);
      const version = {
        type: "model-package",
        name: `${group.name}/${lastVersion}`,
        status: COMPLETED,
        body: { ...body, ModelPackageGroupName: group.name, ModelPackageVersion: lastVersion },
        tags: undefined,
      } as const;
      return { ModelPackageArn: (await insertNamed(dependencies, caller, version, transaction)).arn };
    });
  }

  async function createUnversioned(
    { name, tags }: { readonly name: string; readonly tags: CreateModelPackageInput["Tags"] },
    body: ModelPackageBody,
    caller: Caller,
  ): Promise<CreateModelPackageOutput> {
    const created = { type: "model-package", name, status: COMPLETED, body, tags } as const;
    try {
      return { ModelPackageArn: (await insertNamed(dependencies, caller, created)).arn };
    } catch (error) {
      const existing: ModelPackageRow | undefined = await resources.find(caller, resourceType("model-package"), name);
      if (existing === undefined || !isRepetition(existing.body.registration, body.registration)) throw error;
      return { ModelPackageArn: existing.arn };
    }
  }

  async function describeModelPackage(
    input: DescribeModelPackageInput,
    caller: Caller,
  ): Promise<DescribeModelPackageOutput> {
    return describePackage(await requirePackage(resources, caller, input.ModelPackageName ?? ""));
  }

  async function deleteModelPackage(input: DeleteModelPackageInput, caller: Caller): Promise<void> {
    await resources.delete(await requirePackage(resources, caller, input.ModelPackageName ?? ""));
  }

  return { createModelPackage, describeModelPackage, deleteModelPackage };
}

async function newBody(
  resources: Resources,
  input: CreateModelPackageInput,
  caller: Caller,
): Promise<ModelPackageBody> {
  const { ModelPackageName: name, Tags: _, ClientToken: clientToken, ModelApprovalStatus: approval, ...kept } = input;
  const isVersioned = name === undefined;
  return {
    ...kept,
    ...(await resolveSource(resources, caller, input)),
    // Approval does not apply to a package without a group.
    ...(isVersioned ? { ModelApprovalStatus: approval ?? "PendingManualApproval" } : {}),
    CertifyForMarketplace: input.CertifyForMarketplace ?? false,
    SkipModelValidation: input.SkipModelValidation ?? "None",
    CreatedBy: userOf(caller),
    registration: {
      type: isVersioned ? "Versioned" : "Unversioned",
      clientToken,
      inputDigest: createHash("sha256").update(JSON.stringify(input)).digest("base64url"),
    },
  };
}

/** The ARN of the version that the same request has made before. Throws ConflictException when another request used the token. */
async function findByToken(
  transaction: SqlConnection,
  { accountId, region }: Caller,
  group: string,
  wanted: ModelPackageRegistration,
): Promise<string | undefined> {
  if (wanted.clientToken === undefined) return undefined;
  const [existing] = await transaction.query<{ arn: string; registration: ModelPackageRegistration }>(
    `select arn, body->'registration' as registration from resource
     where account_id = $1 and region = $2 and type = $3 and starts_with(name, $4 || '/')
     and body #>> '{registration,clientToken}' = $5 limit 1`,
    [accountId, region, resourceType("model-package"), group, wanted.clientToken],
  );
  if (existing === undefined) return undefined;
  if (isRepetition(existing.registration, wanted)) return existing.arn;
  throw awsError(
    "ConflictException",
    `The ClientToken ${wanted.clientToken} was used for another model package: ${existing.arn}.`,
  );
}

function isRepetition(existing: ModelPackageRegistration, wanted: ModelPackageRegistration): boolean {
  return (
    wanted.clientToken !== undefined &&
    existing.clientToken === wanted.clientToken &&
    existing.inputDigest === wanted.inputDigest
  );
}
