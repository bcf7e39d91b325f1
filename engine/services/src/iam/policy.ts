import type * as Iam from "@aws-sdk/client-iam";
import type { Resource, SqlConnection } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import {
  checkDocument,
  type IamDependencies,
  iamId,
  iamKey,
  iamOwner,
  insertOrExists,
  listByName,
  noSuchEntity,
  type PolicyBody,
} from "./iam-resource.ts";

const policyArn = { min: 20, max: 2048 };

export const policyConstraints: Constraints = {
  "CreatePolicyRequest.PolicyName": { min: 1, max: 128, pattern: "[\\w+=,.@-]+" },
  "CreatePolicyRequest.Path": { max: 512, pattern: "((/[A-Za-z0-9\\.,\\+@=_-]+)*)/" },
  "CreatePolicyRequest.PolicyDocument": { min: 1, max: 131_072 },
  "CreatePolicyRequest.Description": { max: 1000 },
  "GetPolicyRequest.PolicyArn": policyArn,
  "DeletePolicyRequest.PolicyArn": policyArn,
  "ListPoliciesRequest.MaxItems": { min: 1, max: 1000 },
};

/** Customer managed policies as data. AWS managed ones (`arn:aws:iam::aws:policy/…`) can be attached and are not described. */
export function createPolicyOperations(dependencies: IamDependencies) {
  return {
    async createPolicy(input: Iam.CreatePolicyRequest, caller: Caller): Promise<Iam.CreatePolicyResponse> {
      const { PolicyName = "", Path = "/" } = input;
      const document = checkDocument(input.PolicyDocument ?? "");
      const created = dependencies.resources.insert<PolicyBody>({
        ...iamOwner(caller),
        type: "iam/policy",
        name: iamKey(PolicyName),
        arn: `arn:aws:iam::${caller.accountId}:policy${Path}${PolicyName}`,
        status: "Active",
        body: {
          PolicyName,
          Path,
          PolicyId: iamId("ANPA"),
          Description: input.Description,
          Tags: input.Tags ?? [],
          attachmentCount: 0,
          defaultVersion: "v1",
          // "" stands for the row's own time of creation.
          versions: [{ id: "v1", document, createdAt: "" }],
          lastVersion: 1,
        },
      });
      const policy = await insertOrExists(
        created,
        `A policy called ${PolicyName} already exists. Duplicate names are not allowed.`,
      );
      return { Policy: policyOf(policy) };
    },

    async getPolicy(input: Iam.GetPolicyRequest, caller: Caller): Promise<Iam.GetPolicyResponse> {
      return { Policy: policyOf(await requirePolicy(dependencies, { caller, arn: input.PolicyArn ?? "" })) };
    },

    async listPolicies(input: Iam.ListPoliciesRequest, caller: Caller): Promise<Iam.ListPoliciesResponse> {
      if (input.Scope === "AWS") return { Policies: [], IsTruncated: false };
      const page = await listByName<PolicyBody>(dependencies, caller, { ...input, type: "iam/policy" });
      const wanted = page.resources.filter(({ body }) => !input.OnlyAttached || body.attachmentCount > 0);
      return { Policies: wanted.map(policyOf), IsTruncated: page.nextToken !== undefined, Marker: page.nextToken };
    },

    async deletePolicy(input: Iam.DeletePolicyRequest, caller: Caller): Promise<object> {
      await dependencies.sql.transaction(async (transaction) => {
        const policy = await requirePolicy(dependencies, { caller, arn: input.PolicyArn ?? "" }, transaction);
        if (policy.body.attachmentCount > 0)
          throw awsError("DeleteConflictException", "Cannot delete a policy attached to entities.");
        if (policy.body.versions.length > 1)
          throw awsError(
            "DeleteConflictException",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
          );
        await dependencies.resources.delete(policy, transaction);
      });
      return {};
    },
  };
}

/** Counts one attachment more or less. AWS's own policies need not exist and are not counted. */
export async function changeAttachments(
  dependencies: IamDependencies,
  { caller, arn, by }: { readonly caller: Caller; readonly arn: string; readonly by: 1 | -1 },
  transaction: SqlConnection,
): Promise<void> {
  if (/^arn:aws[\w-]*:iam::aws:policy\/./.test(arn)) return;
  const policy = await requirePolicy(dependencies, { caller, arn }, transaction);
  const body = { ...policy.body, attachmentCount: policy.body.attachmentCount + by };
  await dependencies.resources.update(policy, { body }, transaction);
}

/** The policy with this ARN, locked when in a transaction. */
export async function requirePolicy(
  { resources }: IamDependencies,
  { caller, arn }: { readonly caller: Caller; readonly arn: string },
  transaction?: SqlConnection,
): Promise<Resource<PolicyBody>> {
  const key = iamKey(arn.split("/").at(-1) ?? "");
  const owner = iamOwner(caller);
  const policy =
    transaction === undefined
      ? await resources.find<PolicyBody>(owner, "iam/policy", key)
      : await resources.findForUpdate<PolicyBody>(owner, "iam/policy", key, transaction);
  if (policy?.arn !== arn) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return policy;
}

function policyOf({ arn, createdAt, updatedAt, body }: Resource<PolicyBody>): Iam.Policy {
  return {
    PolicyName: body.PolicyName,
    PolicyId: body.PolicyId,
    Arn: arn,
    Path: body.Path,
    DefaultVersionId: body.defaultVersion,
    AttachmentCount: body.attachmentCount,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: body.Description,
    CreateDate: createdAt,
    UpdateDate: updatedAt,
    Tags: [...body.Tags],
  };
}
