import { randomUUID } from "node:crypto";
import type {
  CreateDatasetRequest,
  CreateDatasetResponse,
  DatasetSummary,
  DeleteDatasetRequest,
  DescribeDatasetRequest,
  DescribeDatasetResponse,
  ListDatasetsRequest,
  ListDatasetsResponse,
  UpdateDatasetRequest,
  UpdateDatasetResponse,
} from "@aws-sdk/client-personalize";
import { DATASET_TYPES } from "@rondo/personalize";
import { awsError, type Caller } from "@rondo/wire";
import { requireActiveGroup } from "./active-group.ts";
import { type Dataset, type DatasetBody, datasetName, describeDataset, toDatasetType } from "./dataset-body.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  requirePersonalize,
} from "./personalize-resource.ts";
import { RUNNING_STATUSES, refuseInUse } from "./resource-use.ts";
import { requireSchema } from "./schema.ts";
import { checkReplacement } from "./schema-replacement.ts";

export interface DatasetDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
}

/** CreateDataset, DescribeDataset, ListDatasets, UpdateDataset and DeleteDataset. */
export function createDatasetOperations(dependencies: DatasetDependencies) {
  const { sql, resources, clock } = dependencies;
  const refTo = (arn: string | undefined) => ({ type: "dataset", arn }) as const;

  async function createDataset(input: CreateDatasetRequest, caller: Caller): Promise<CreateDatasetResponse> {
    const { datasetGroupArn, schemaArn = "", datasetType, name = "", tags } = input;
    const type = toDatasetType(datasetType);
    if (type === undefined) {
      const types = DATASET_TYPES.join(", ");
      throw awsError("InvalidInputException", `The datasetType ${datasetType} is not one of ${types}.`);
    }
    return await sql.transaction(async (transaction) => {
      // Locked, so that neither is deleted meanwhile.
      const group = await requireActiveGroup(resources, caller, datasetGroupArn, transaction);
      const schema = await requireSchema(resources, caller, { schemaArn, domain: group.body.domain }, transaction);
      if (schema.type !== type) {
        const need = `a dataset of type ${type} needs a schema with the name ${type}.`;
        throw awsError("InvalidInputException", `The schema ${schemaArn} is one of ${schema.type}; ${need}`);
      }
      const own = { datasetName: name, datasetGroupArn: group.arn, schemaArn, schema };
      const tracking = type === "Action_Interactions" ? { trackingId: randomUUID() } : {};
      const body: DatasetBody = { ...own, ...tracking, segments: [], listedRuns: [] };
      const row = {
        type: "dataset",
        name: datasetName(group.name, type),
        status: "CREATE PENDING",
        body,
        due: "now",
        tags,
      } as const;
      return { datasetArn: (await insertPersonalize(dependencies, caller, row, transaction)).arn };
    });
  }

  async function describe({ datasetArn }: DescribeDatasetRequest, caller: Caller): Promise<DescribeDatasetResponse> {
    return { dataset: describeDataset(await requirePersonalize<DatasetBody>(resources, caller, refTo(datasetArn))) };
  }

  async function listDatasets(input: ListDatasetsRequest, caller: Caller): Promise<ListDatasetsResponse> {
    const { datasetGroupArn } = input;
    const bodyContains = datasetGroupArn === undefined ? {} : { datasetGroupArn };
    const page = await listPersonalize<DatasetBody>(resources, caller, "dataset", { ...input, bodyContains });
    return { datasets: page.resources.map(summarize), nextToken: page.nextToken };
  }

  async function updateDataset(input: UpdateDatasetRequest, caller: Caller): Promise<UpdateDatasetResponse> {
    const { datasetArn = "", schemaArn = "" } = input;
    await sql.transaction(async (transaction) => {
      const dataset = await requirePersonalize<DatasetBody>(resources, caller, refTo(datasetArn), transaction);
      refuseBusy(dataset);
      const group = await requireActiveGroup(resources, caller, dataset.body.datasetGroupArn, transaction);
      const schema = await requireSchema(resources, caller, { schemaArn, domain: group.body.domain }, transaction);
      checkReplacement(dataset.body.schema, schema);
      const at = clock.now().toISOString();
      const latestUpdate = { schemaArn, status: "CREATE PENDING", createdAt: at, updatedAt: at } as const;
      await resources.update(dataset, { body: { ...dataset.body, latestUpdate }, due: "now" }, transaction);
    });
    return { datasetArn };
  }

  async function deleteDataset({ datasetArn }: DeleteDatasetRequest, caller: Caller): Promise<void> {
    await sql.transaction(async (transaction) => {
      const dataset = await requirePersonalize<DatasetBody>(resources, caller, refTo(datasetArn), transaction);
      if (dataset.status.startsWith("DELETE")) return;
      const { datasetGroupArn } = dataset.body;
      const running = { statuses: RUNNING_STATUSES };
      await refuseInUse(transaction, dataset, [
        { type: "dataset-import-job", bodyContains: { datasetArn }, ...running },
        { type: "dataset-export-job", bodyContains: { datasetArn }, ...running },
        { type: "data-deletion-job", bodyContains: { datasetGroupArn }, ...running },
        { type: "solution-version", bodyContains: { datasetGroupArn }, ...running },
      ]);
      await resources.update(dataset, { status: "DELETE PENDING", due: "now" }, transaction);
    });
  }

  return { createDataset, describeDataset: describe, listDatasets, updateDataset, deleteDataset };
}

/** Throws ResourceInUseException for a dataset that is not ACTIVE, or is being updated. */
function refuseBusy({ arn, status, body }: Dataset): void {
  const isUpdating =
    body.latestUpdate?.status === "CREATE PENDING" || body.latestUpdate?.status === "CREATE IN_PROGRESS";
  if (status === "ACTIVE" && !isUpdating) return;
  const state = isUpdating ? "is being updated" : `is in status ${status}`;
  throw awsError("ResourceInUseException", `The dataset ${arn} ${state}. Try again when that has ended.`);
}

function summarize(dataset: Dataset): DatasetSummary {
  const { name, datasetArn, datasetType, status, creationDateTime, lastUpdatedDateTime } = describeDataset(dataset);
  return { name, datasetArn, datasetType, status, creationDateTime, lastUpdatedDateTime };
}
