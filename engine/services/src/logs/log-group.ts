import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteRetentionPolicyRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  PutRetentionPolicyRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-cloudwatch-logs";
import { type Logs, StoreError } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { writePageToken } from "../page-token.ts";
import { logGroupArn, logGroupRef, nameOfArn, noSuchGroup, requireGroup } from "./log-group-reference.ts";
import { readNextToken } from "./next-token.ts";

const groupName = { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" };

export const logGroupConstraints: Constraints = {
  "CreateLogGroupRequest.logGroupName": groupName,
  "CreateLogGroupRequest.tags": { min: 1, max: 50 },
  "DeleteLogGroupRequest.logGroupName": groupName,
  "DescribeLogGroupsRequest.logGroupNamePrefix": groupName,
  "DescribeLogGroupsRequest.limit": { min: 1, max: 50 },
  "PutRetentionPolicyRequest.logGroupName": groupName,
  "DeleteRetentionPolicyRequest.logGroupName": groupName,
  "TagResourceRequest.resourceArn": { min: 1, max: 1011 },
  "TagResourceRequest.tags": { min: 1, max: 50 },
  "TagResourceRequest.tags{key}": { min: 1, max: 128 },
  "TagResourceRequest.tags{value}": { max: 256 },
  "UntagResourceRequest.resourceArn": { min: 1, max: 1011 },
  "ListTagsForResourceRequest.resourceArn": { min: 1, max: 1011 },
};

/** The days that AWS allows: API reference, PutRetentionPolicy. */
const retentionDays = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** Log groups: create, describe, delete, retention, tags. */
export function createLogGroupOperations({ logs }: { readonly logs: Logs }) {
  return {
    async createLogGroup(input: CreateLogGroupRequest, caller: Caller): Promise<object> {
      await translated(logs.createGroup(logGroupRef({ logGroupName: input.logGroupName }, caller), input.tags ?? {}));
      return {};
    },

    async deleteLogGroup(input: DeleteLogGroupRequest, caller: Caller): Promise<object> {
      await translated(logs.deleteGroup(logGroupRef(input, caller)));
      return {};
    },

    async describeLogGroups(input: DescribeLogGroupsRequest, caller: Caller): Promise<DescribeLogGroupsResponse> {
      if (input.logGroupIdentifiers !== undefined || input.accountIdentifiers !== undefined)
        throw awsError(
          "InvalidParameterException",
          "Rondo describes log groups by logGroupNamePrefix or logGroupNamePattern only.",
        );
      if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined)
        throw awsError(
          "InvalidParameterException",
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        );
      const { limit = 50 } = input;
      const found = await logs.listGroups({
        accountId: caller.accountId,
        region: caller.region,
        prefix: input.logGroupNamePrefix,
        contains: input.logGroupNamePattern,
        startAfter: readNextToken(input.nextToken, isNameToken)?.name,
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      return {
        logGroups: page.map((group) => ({
          logGroupName: group.name,
          creationTime: group.createdAt.getTime(),
          retentionInDays: group.retentionDays ?? undefined,
          metricFilterCount: 0,
          arn: `${logGroupArn(caller, group.name)}:*`,
          logGroupArn: logGroupArn(caller, group.name),
          logGroupClass: "STANDARD",
          storedBytes: group.storedBytes,
        })),
        nextToken: found.length > limit ? writePageToken({ name: page.at(-1)?.name }) : undefined,
      };
    },

    async putRetentionPolicy(input: PutRetentionPolicyRequest, caller: Caller): Promise<object> {
      const days = input.retentionInDays ?? 0;
      if (!retentionDays.has(days))
        throw awsError(
          "InvalidParameterException",
          `retentionInDays ${days} is not one of ${[...retentionDays].join(", ")}.`,
        );
      await translated(logs.setRetention(logGroupRef(input, caller), days));
      return {};
    },

    async deleteRetentionPolicy(input: DeleteRetentionPolicyRequest, caller: Caller): Promise<object> {
      await translated(logs.setRetention(logGroupRef(input, caller), null));
      return {};
    },

    async tagResource(input: TagResourceRequest, caller: Caller): Promise<object> {
      await translated(logs.changeTags(ofArn(input.resourceArn, caller), { tags: input.tags }));
      return {};
    },

    async untagResource(input: UntagResourceRequest, caller: Caller): Promise<object> {
      await translated(logs.changeTags(ofArn(input.resourceArn, caller), { removed: input.tagKeys }));
      return {};
    },

    async listTagsForResource(input: ListTagsForResourceRequest, caller: Caller): Promise<ListTagsForResourceResponse> {
      return { tags: { ...(await requireGroup(logs, ofArn(input.resourceArn, caller))).tags } };
    },
  };
}

function ofArn(arn: string | undefined, caller: Caller) {
  return logGroupRef({ logGroupName: nameOfArn(arn ?? "", caller) }, caller);
}

function isNameToken(value: { name?: string }): value is { name: string } {
  return typeof value.name === "string";
}

async function translated(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === "NotFound") throw noSuchGroup();
    if (error.code === "AlreadyExists")
      throw awsError("ResourceAlreadyExistsException", "The specified log group already exists");
    throw error;
  }
}
