import type {
  CreateDatasetGroupRequest,
  CreateDatasetGroupResponse,
  DeleteDatasetGroupRequest,
  DescribeDatasetGroupRequest,
  DescribeDatasetGroupResponse,
  ListDatasetGroupsRequest,
  ListDatasetGroupsResponse,
} from "@aws-sdk/client-personalize";
import { awsError, type Caller } from "@rondo/wire";
import { refuseBeyond } from "./account-limit.ts";
import { type DatasetGroupBody, describeDatasetGroup, summarizeDatasetGroup } from "./dataset-group-body.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  type PersonalizeType,
  requirePersonalize,
} from "./personalize-resource.ts";
import { RUNNING_STATUSES, refuseInUse } from "./resource-use.ts";

/** AWS's, of an account and region. */
const MAX_DATASET_GROUPS = 500;

/** What has to be deleted before its dataset group. Filters and metric attributions go with it. */
const KEEPING: readonly PersonalizeType[] = ["dataset", "event-tracker", "solution", "recommender"];

/** CreateDatasetGroup, DescribeDatasetGroup, ListDatasetGroups and DeleteDatasetGroup. */
export function createDatasetGroupOperations(dependencies: PersonalizeStore) {
  const { sql, resources } = dependencies;
  const refTo = (arn: string | undefined) => ({ type: "dataset-group", arn }) as const;

  async function createDatasetGroup(
    { name = "", tags, ...body }: CreateDatasetGroupRequest,
    caller: Caller,
  ): Promise<CreateDatasetGroupResponse> {
    const { domain, roleArn, kmsKeyArn } = body;
    if (kmsKeyArn !== undefined && roleArn === undefined) {
      throw awsError("InvalidInputException", "A kmsKeyArn needs the roleArn of a role that may use the key.");
    }
    await refuseBeyond(sql, caller, { type: "dataset-group", max: MAX_DATASET_GROUPS });
    const row = {
      type: "dataset-group",
      name,
      status: "CREATE PENDING",
      body: { domain, roleArn, kmsKeyArn } satisfies DatasetGroupBody,
      due: "now",
      tags,
    } as const;
    return { datasetGroupArn: (await insertPersonalize(dependencies, caller, row)).arn, domain };
  }

  async function describe(
    { datasetGroupArn }: DescribeDatasetGroupRequest,
    caller: Caller,
  ): Promise<DescribeDatasetGroupResponse> {
    const group = await requirePersonalize<DatasetGroupBody>(resources, caller, refTo(datasetGroupArn));
    return { datasetGroup: describeDatasetGroup(group) };
  }

  async function listDatasetGroups(
    input: ListDatasetGroupsRequest,
    caller: Caller,
  ): Promise<ListDatasetGroupsResponse> {
    const page = await listPersonalize<DatasetGroupBody>(resources, caller, "dataset-group", input);
    return { datasetGroups: page.resources.map(summarizeDatasetGroup), nextToken: page.nextToken };
  }

  async function deleteDatasetGroup({ datasetGroupArn }: DeleteDatasetGroupRequest, caller: Caller): Promise<void> {
    await sql.transaction(async (transaction) => {
      const group = await requirePersonalize(resources, caller, refTo(datasetGroupArn), transaction);
      if (group.status.startsWith("DELETE")) return;
      const bodyContains = { datasetGroupArn };
      const jobs = { type: "data-deletion-job", bodyContains, statuses: RUNNING_STATUSES } as const;
      await refuseInUse(transaction, group, [...KEEPING.map((type) => ({ type, bodyContains })), jobs]);
      await resources.update(group, { status: "DELETE PENDING", due: "now" }, transaction);
    });
  }

  return { createDatasetGroup, describeDatasetGroup: describe, listDatasetGroups, deleteDatasetGroup };
}
