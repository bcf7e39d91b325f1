import type * as Iam from "@aws-sdk/client-iam";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { changeRole, type IamDependencies, pageOf, requireRole } from "./iam-resource.ts";

export const roleTagConstraints: Constraints = {
  "TagRoleRequest.Tags": { max: 50 },
  "ListRoleTagsRequest.MaxItems": { min: 1, max: 1000 },
  "Tag.Key": { min: 1, max: 128 },
  "Tag.Value": { max: 256 },
};

/** The tags of roles. */
export function createRoleTagOperations(dependencies: IamDependencies) {
  return {
    async tagRole(input: Iam.TagRoleRequest, caller: Caller): Promise<object> {
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, ({ body }) => ({
        ...body,
        Tags: withTags(body.Tags, input.Tags ?? []),
      }));
      return {};
    },

    async untagRole(input: Iam.UntagRoleRequest, caller: Caller): Promise<object> {
      const removed = new Set(input.TagKeys);
      await changeRole(dependencies, { caller, name: input.RoleName ?? "" }, ({ body }) => ({
        ...body,
        Tags: body.Tags.filter(({ Key = "" }) => !removed.has(Key)),
      }));
      return {};
    },

    async listRoleTags(input: Iam.ListRoleTagsRequest, caller: Caller): Promise<Iam.ListRoleTagsResponse> {
      const { body } = await requireRole(dependencies, caller, input.RoleName ?? "");
      const values = new Map(body.Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      const { page, IsTruncated, Marker } = pageOf([...values.keys()], input);
      return { Tags: page.map((Key) => ({ Key, Value: values.get(Key) ?? "" })), IsTruncated, Marker };
    },
  };
}

/** Tags with others added; LimitExceededException beyond 50. */
export function withTags(known: readonly Iam.Tag[], added: readonly Iam.Tag[]): Iam.Tag[] {
  const tags = [...new Map([...known, ...added].map((tag) => [tag.Key, tag])).values()];
  if (tags.length > 50) throw awsError("LimitExceededException", "A role has at most 50 tags.");
  return tags;
}
