import { createRequire } from "node:module";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import type { IamDependencies } from "./iam-resource.ts";
import { createPolicyOperations, policyConstraints } from "./policy.ts";
import { createPolicyVersionOperations, policyVersionConstraints } from "./policy-version.ts";
import { createRoleOperations, roleConstraints } from "./role.ts";
import { createRolePolicyOperations, rolePolicyConstraints } from "./role-policy.ts";
import { createRoleTagOperations, roleTagConstraints } from "./role-tags.ts";
import { getUser } from "./user.ts";

const require = createRequire(import.meta.url);
const stored = "Policies are stored and returned, not enforced.";

/** IAM's roles and policies as data, so that set-up scripts run: every operation of it that Rondo answers. */
export function createIamService(dependencies: IamDependencies): ServiceDefinition {
  const roles = createRoleOperations(dependencies);
  const rolePolicies = createRolePolicyOperations(dependencies);
  const tags = createRoleTagOperations(dependencies);
  const policies = createPolicyOperations(dependencies);
  const versions = createPolicyVersionOperations(dependencies);
  return {
    id: "iam",
    signingName: "iam",
    protocols: ["query"],
    load: () => require("@aws-sdk/client-iam") as SdkModule,
    client: "IAMClient",
    operations: {
      CreateRole: roles.createRole,
      GetRole: roles.getRole,
      ListRoles: roles.listRoles,
      DeleteRole: roles.deleteRole,
      UpdateRole: roles.updateRole,
      UpdateAssumeRolePolicy: roles.updateAssumeRolePolicy,
      TagRole: tags.tagRole,
      UntagRole: tags.untagRole,
      ListRoleTags: tags.listRoleTags,
      PutRolePolicy: rolePolicies.putRolePolicy,
      GetRolePolicy: rolePolicies.getRolePolicy,
      DeleteRolePolicy: rolePolicies.deleteRolePolicy,
      ListRolePolicies: rolePolicies.listRolePolicies,
      AttachRolePolicy: rolePolicies.attachRolePolicy,
      DetachRolePolicy: rolePolicies.detachRolePolicy,
      ListAttachedRolePolicies: rolePolicies.listAttachedRolePolicies,
      CreatePolicy: policies.createPolicy,
      GetPolicy: policies.getPolicy,
      GetPolicyVersion: versions.getPolicyVersion,
      ListPolicies: policies.listPolicies,
      DeletePolicy: policies.deletePolicy,
      CreatePolicyVersion: versions.createPolicyVersion,
      DeletePolicyVersion: versions.deletePolicyVersion,
      GetUser: getUser,
    },
    constraints: {
      ...roleConstraints,
      ...rolePolicyConstraints,
      ...roleTagConstraints,
      ...policyConstraints,
      ...policyVersionConstraints,
    },
    notHonoured: {
      CreateRole: stored,
      UpdateAssumeRolePolicy: stored,
      PutRolePolicy: stored,
      AttachRolePolicy: `${stored} Policies of AWS may be attached without existing.`,
      CreatePolicy: stored,
      CreatePolicyVersion: stored,
      ListPolicies: "AWS's own policies are not listed.",
      GetUser: "Only the caller; CreateDate is 1970.",
    },
  };
}
