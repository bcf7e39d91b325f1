import type * as Iam from "@aws-sdk/client-iam";
import type { Resource } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { checkDocument, encodedDocument, type IamDependencies, noSuchEntity, type PolicyBody } from "./iam-resource.ts";
import { requirePolicy } from "./policy.ts";

const policyArn = { min: 20, max: 2048 };

export const policyVersionConstraints: Constraints = {
  "CreatePolicyVersionRequest.PolicyArn": policyArn,
  "CreatePolicyVersionRequest.PolicyDocument": { min: 1, max: 131_072 },
  "GetPolicyVersionRequest.PolicyArn": policyArn,
  "DeletePolicyVersionRequest.PolicyArn": policyArn,
};

const maxVersions = 5;

/** The versions of customer managed policies. */
export function createPolicyVersionOperations(dependencies: IamDependencies) {
  return {
    async getPolicyVersion(input: Iam.GetPolicyVersionRequest, caller: Caller): Promise<Iam.GetPolicyVersionResponse> {
      const policy = await requirePolicy(dependencies, { caller, arn: input.PolicyArn ?? "" });
      const version = policy.body.versions.find(({ id }) => id === input.VersionId);
      if (version === undefined)
        throw noSuchEntity(`Policy ${input.PolicyArn} version ${input.VersionId} does not exist or is not attachable.`);
      return { PolicyVersion: { ...versionOf(policy, version), Document: encodedDocument(version.document) } };
    },

    async createPolicyVersion(
      input: Iam.CreatePolicyVersionRequest,
      caller: Caller,
    ): Promise<Iam.CreatePolicyVersionResponse> {
      const document = checkDocument(input.PolicyDocument ?? "");
      return await dependencies.sql.transaction(async (transaction) => {
        const policy = await requirePolicy(dependencies, { caller, arn: input.PolicyArn ?? "" }, transaction);
        if (policy.body.versions.length >= maxVersions)
          throw awsError(
            "LimitExceededException",
            `A managed policy can have up to ${maxVersions} versions. Before you create a new version, you must delete an existing version.`,
          );
        const [row] = await transaction.query<{ now: Date }>("SELECT now() AS now");
        const lastVersion = policy.body.lastVersion + 1;
        const version = { id: `v${lastVersion}`, document, createdAt: row?.now.toISOString() ?? "" };
        const body: PolicyBody = {
          ...policy.body,
          versions: [...policy.body.versions, version],
          lastVersion,
          defaultVersion: input.SetAsDefault ? version.id : policy.body.defaultVersion,
        };
        const updated = await dependencies.resources.update(policy, { body }, transaction);
        return { PolicyVersion: versionOf(updated, version) };
      });
    },

    async deletePolicyVersion(input: Iam.DeletePolicyVersionRequest, caller: Caller): Promise<object> {
      await dependencies.sql.transaction(async (transaction) => {
        const policy = await requirePolicy(dependencies, { caller, arn: input.PolicyArn ?? "" }, transaction);
        if (policy.body.defaultVersion === input.VersionId)
          throw awsError("DeleteConflictException", "Cannot delete the default version of a policy.");
        const versions = policy.body.versions.filter(({ id }) => id !== input.VersionId);
        if (versions.length === policy.body.versions.length)
          throw noSuchEntity(
            `Policy ${input.PolicyArn} version ${input.VersionId} does not exist or is not attachable.`,
          );
        await dependencies.resources.update(policy, { body: { ...policy.body, versions } }, transaction);
      });
      return {};
    },
  };
}

function versionOf(
  { createdAt, body }: Resource<PolicyBody>,
  version: PolicyBody["versions"][number],
): Iam.PolicyVersion {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === body.defaultVersion,
    CreateDate: version.createdAt === "" ? createdAt : new Date(version.createdAt),
  };
}
