import type * as Iam from "@aws-sdk/client-iam";
import type { Resource } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import {
  changeRole,
  checkDocument,
  encodedDocument,
  type IamDependencies,
  iamId,
  iamKey,
  iamOwner,
  insertOrExists,
  listByName,
  noSuchEntity,
  type RoleBody,
  requireRole,
} from "./iam-resource.ts";
import { withTags } from "./role-tags.ts";

const path = { min: 1, max: 512, pattern: "(/)|(/[!-~]+/)" };
const roleName = { min: 1, max: 64, pattern: "[\\w+=,.@-]+" };
const document = { min: 1, max: 131_072 };

export const roleConstraints: Constraints = {
  "CreateRoleRequest.Path": path,
  "CreateRoleRequest.RoleName": roleName,
  "CreateRoleRequest.AssumeRolePolicyDocument": document,
  "CreateRoleRequest.Description": { max: 1000 },
  "CreateRoleRequest.MaxSessionDuration": { min: 3600, max: 43_200 },
  "CreateRoleRequest.Tags": { max: 50 },
  "GetRoleRequest.RoleName": roleName,
  "DeleteRoleRequest.RoleName": roleName,
  "UpdateRoleRequest.RoleName": roleName,
  "UpdateRoleRequest.MaxSessionDuration": { min: 3600, max: 43_200 },
  "UpdateAssumeRolePolicyRequest.RoleName": roleName,
  "UpdateAssumeRolePolicyRequest.PolicyDocument": document,
  "ListRolesRequest.MaxItems": { min: 1, max: 1000 },
};

/** Roles as data: their trust policies are checked to be JSON and stored. */
export function createRoleOperations(dependencies: IamDependencies) {
  return {
    async createRole(input: Iam.CreateRoleRequest, caller: Caller): Promise<Iam.CreateRoleResponse> {
      const { RoleName = "", Path = "/", Tags = [] } = input;
      const body: RoleBody = {
        RoleName,
        Path,
        RoleId: iamId("AROA"),
        AssumeRolePolicyDocument: checkDocument(input.AssumeRolePolicyDocument ?? ""),
        Description: input.Description,
        MaxSessionDuration: input.MaxSessionDuration ?? 3600,
        PermissionsBoundary: input.PermissionsBoundary,
        Tags: withTags([], Tags),
        inline: {},
        attached: [],
      };
      const created = dependencies.resources.insert<RoleBody>({
        ...iamOwner(caller),
        type: "iam/role",
        name: iamKey(RoleName),
        arn: `arn:aws:iam::${caller.accountId}:role${Path}${RoleName}`,
        status: "Active",
        body,
      });
      return { Role: roleOf(await insertOrExists(created, `Role with name ${RoleName} already exists.`)) };
    },

    async getRole(input: Iam.GetRoleRequest, caller: Caller): Promise<Iam.GetRoleResponse> {
      return { Role: roleOf(await requireRole(dependencies, caller, input.RoleName ?? "")) };
    },

    async listRoles(input: Iam.ListRolesRequest, caller: Caller): Promise<Iam.ListRolesResponse> {
      const page = await listByName<RoleBody>(dependencies, caller, { ...input, type: "iam/role" });
      return { Roles: page.resources.map(roleOf), IsTruncated: page.nextToken !== undefined, Marker: page.nextToken };
    },

    async deleteRole(input: Iam.DeleteRoleRequest, caller: Caller): Promise<object> {
      const { sql, resources } = dependencies;
      const name = input.RoleName ?? "";
      await sql.transaction(async (transaction) => {
        const role = await resources.findForUpdate<RoleBody>(iamOwner(caller), "iam/role", iamKey(name), transaction);
        if (role?.body.RoleName !== name) throw noSuchEntity(`The role with name ${name} cannot be found.`);
        if (role.body.attached.length > 0)
          throw awsError("DeleteConflictException", "Cannot delete entity, must detach all policies first.");
        if (Object.keys(role.body.inline).length > 0)
          throw awsError("DeleteConflictException", "Cannot delete entity, must delete policies first.");
        await resources.delete(role, transaction);
      });
      return {};
    },

    async updateRole(input: Iam.UpdateRoleRequest, caller: Caller): Promise<Iam.UpdateRoleResponse> {
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, ({ body }) => ({
        ...body,
        Description: input.Description ?? body.Description,
        MaxSessionDuration: input.MaxSessionDuration ?? body.MaxSessionDuration,
      }));
      return {};
    },

    async updateAssumeRolePolicy(input: Iam.UpdateAssumeRolePolicyRequest, caller: Caller): Promise<object> {
      const AssumeRolePolicyDocument = checkDocument(input.PolicyDocument ?? "");
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, ({ body }) => ({
        ...body,
        AssumeRolePolicyDocument,
      }));
      return {};
    },
  };
}

function roleOf({ arn, createdAt, body }: Resource<RoleBody>): Iam.Role {
  return {
    Path: body.Path,
    RoleName: body.RoleName,
    RoleId: body.RoleId,
    Arn: arn,
    CreateDate: createdAt,
    AssumeRolePolicyDocument: encodedDocument(body.AssumeRolePolicyDocument),
    Description: body.Description,
    MaxSessionDuration: body.MaxSessionDuration,
    PermissionsBoundary:
      body.PermissionsBoundary === undefined
        ? undefined
        : { PermissionsBoundaryType: "PermissionsBoundaryPolicy", PermissionsBoundaryArn: body.PermissionsBoundary },
    Tags: [...body.Tags],
  };
}
