import type {
  DeleteModelPackageGroupPolicyInput,
  GetModelPackageGroupPolicyInput,
  GetModelPackageGroupPolicyOutput,
  PutModelPackageGroupPolicyInput,
  PutModelPackageGroupPolicyOutput,
} from "@aws-sdk/client-sagemaker";
import type { Resource, Resources, Sql, SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import type { ModelPackageGroupBody } from "./model-package-group.ts";
import { requireNamed } from "./named-resource.ts";

/** PutModelPackageGroupPolicy, GetModelPackageGroupPolicy and DeleteModelPackageGroupPolicy: a document that is kept with the group. */
export function createModelPackageGroupPolicyOperations(dependencies: {
  readonly sql: Sql;
  readonly resources: Resources;
}) {
  const { sql, resources } = dependencies;

  async function putModelPackageGroupPolicy(
    input: PutModelPackageGroupPolicyInput,
    caller: Caller,
  ): Promise<PutModelPackageGroupPolicyOutput> {
    const { ModelPackageGroupName: name = "", ResourcePolicy: resourcePolicy = "" } = input;
    if (!isJsonObject(resourcePolicy)) throw awsError("ValidationException", "ResourcePolicy is not valid JSON.");
    return await sql.transaction(async (transaction) => {
      const group = await requireGroup(name, caller, transaction);
      await resources.update(group, { body: { ...group.body, resourcePolicy } }, transaction);
      return { ModelPackageGroupArn: group.arn };
    });
  }

  async function getModelPackageGroupPolicy(
    input: GetModelPackageGroupPolicyInput,
    caller: Caller,
  ): Promise<GetModelPackageGroupPolicyOutput> {
    return { ResourcePolicy: requirePolicy(await requireGroup(input.ModelPackageGroupName ?? "", caller)) };
  }

  async function deleteModelPackageGroupPolicy(
    input: DeleteModelPackageGroupPolicyInput,
    caller: Caller,
  ): Promise<void> {
    await sql.transaction(async (transaction) => {
      const group = await requireGroup(input.ModelPackageGroupName ?? "", caller, transaction);
      requirePolicy(group);
      const { resourcePolicy: _, ...body } = group.body;
      await resources.update(group, { body }, transaction);
    });
  }

  function requireGroup(name: string, caller: Caller, connection?: SqlConnection) {
    return requireNamed<ModelPackageGroupBody>(resources, caller, { type: "model-package-group", name }, connection);
  }

  return { putModelPackageGroupPolicy, getModelPackageGroupPolicy, deleteModelPackageGroupPolicy };
}

function requirePolicy({ arn, body }: Resource<ModelPackageGroupBody>): string {
  if (body.resourcePolicy !== undefined) return body.resourcePolicy;
  throw awsError("ValidationException", `Cannot find resource policy for: ${arn}`);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
