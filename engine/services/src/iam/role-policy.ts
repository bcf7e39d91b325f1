import type * as Iam from "@aws-sdk/client-iam";
import type { Caller, Constraints } from "@rondo/wire";
import {
  changeRole,
  checkDocument,
  encodedDocument,
  type IamDependencies,
  noSuchEntity,
  pageOf,
  requireRole,
} from "./iam-resource.ts";
import { changeAttachments } from "./policy.ts";

const policyName = { min: 1, max: 128, pattern: "[\\w+=,.@-]+" };

export const rolePolicyConstraints: Constraints = {
  "PutRolePolicyRequest.PolicyName": policyName,
  "PutRolePolicyRequest.PolicyDocument": { min: 1, max: 131_072 },
  "GetRolePolicyRequest.PolicyName": policyName,
  "DeleteRolePolicyRequest.PolicyName": policyName,
  "ListRolePoliciesRequest.MaxItems": { min: 1, max: 1000 },
  "AttachRolePolicyRequest.PolicyArn": { min: 20, max: 2048 },
  "DetachRolePolicyRequest.PolicyArn": { min: 20, max: 2048 },
  "ListAttachedRolePoliciesRequest.MaxItems": { min: 1, max: 1000 },
};

/** What a role is allowed to do: inline policies and attached managed ones. */
export function createRolePolicyOperations(dependencies: IamDependencies) {
  return {
    async putRolePolicy(input: Iam.PutRolePolicyRequest, caller: Caller): Promise<object> {
      const document = checkDocument(input.PolicyDocument ?? "");
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, ({ body }) => ({
        ...body,
        inline: { ...body.inline, [input.PolicyName ?? ""]: document },
      }));
      return {};
    },

    async getRolePolicy(input: Iam.GetRolePolicyRequest, caller: Caller): Promise<Iam.GetRolePolicyResponse> {
      const { RoleName = "", PolicyName = "" } = input;
      const document = (await requireRole(dependencies, caller, RoleName)).body.inline[PolicyName];
      if (document === undefined) throw noSuchPolicy(PolicyName);
      return { RoleName, PolicyName, PolicyDocument: encodedDocument(document) };
    },

    async deleteRolePolicy(input: Iam.DeleteRolePolicyRequest, caller: Caller): Promise<object> {
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, ({ body }) => {
        const { [input.PolicyName ?? ""]: removed, ...inline } = body.inline;
        if (removed === undefined) throw noSuchPolicy(input.PolicyName);
        return { ...body, inline };
      });
      return {};
    },

    async listRolePolicies(input: Iam.ListRolePoliciesRequest, caller: Caller): Promise<Iam.ListRolePoliciesResponse> {
      const { body } = await requireRole(dependencies, caller, input.RoleName ?? "");
      const { page, IsTruncated, Marker } = pageOf(Object.keys(body.inline), input);
      return { PolicyNames: page, IsTruncated, Marker };
    },

    async attachRolePolicy(input: Iam.AttachRolePolicyRequest, caller: Caller): Promise<object> {
      const arn = input.PolicyArn ?? "";
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, async ({ body }, transaction) => {
        if (body.attached.includes(arn)) return body;
        await changeAttachments(dependencies, { caller, arn, by: 1 }, transaction);
        return { ...body, attached: [...body.attached, arn] };
      });
      return {};
    },

    async detachRolePolicy(input: Iam.DetachRolePolicyRequest, caller: Caller): Promise<object> {
      const arn = input.PolicyArn ?? "";
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, async ({ body }, transaction) => {
        if (!body.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
        await changeAttachments(dependencies, { caller, arn, by: -1 }, transaction);
        return { ...body, attached: body.attached.filter((attached) => attached !== arn) };
      });
      return {};
    },

    async listAttachedRolePolicies(
      input: Iam.ListAttachedRolePoliciesRequest,
      caller: Caller,
    ): Promise<Iam.ListAttachedRolePoliciesResponse> {
      const { body } = await requireRole(dependencies, caller, input.RoleName ?? "");
      const prefix = input.PathPrefix ?? "/";
      const inPath = body.attached.filter((arn) =>
        arn.slice(arn.indexOf(":policy/") + ":policy".length).startsWith(prefix),
      );
      const { page, IsTruncated, Marker } = pageOf(inPath, input);
      return {
        AttachedPolicies: page.map((PolicyArn) => ({ PolicyName: PolicyArn.split("/").at(-1), PolicyArn })),
        IsTruncated,
        Marker,
      };
    },
  };
}

function noSuchPolicy(name: string | undefined) {
  return noSuchEntity(`The role policy with name ${name} cannot be found.`);
}
