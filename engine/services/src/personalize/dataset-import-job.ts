import type {
  CreateDatasetImportJobRequest,
  CreateDatasetImportJobResponse,
  DatasetImportJobSummary,
  DescribeDatasetImportJobRequest,
  DescribeDatasetImportJobResponse,
  ListDatasetImportJobsRequest,
  ListDatasetImportJobsResponse,
} from "@aws-sdk/client-personalize";
import type { DatasetRecords } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { refuseBeyond } from "./account-limit.ts";
import { requireActiveDataset } from "./active-dataset.ts";
import type { DatasetBody } from "./dataset-body.ts";
import { type DatasetImportJob, type DatasetImportJobBody, describeImportJob } from "./dataset-import-job-body.ts";
import { describePersonalizeJob, newPersonalizeJob } from "./personalize-job.ts";
import {
  insertPersonalize,
  listPersonalize,
  type NewPersonalizeResource,
  type PersonalizeStore,
  requirePersonalize,
} from "./personalize-resource.ts";
import { RUNNING_STATUSES, refuseInUse } from "./resource-use.ts";
import { requireS3Location } from "./s3-source.ts";

export interface DatasetImportJobDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
  readonly records: Pick<DatasetRecords, "newest">;
  /** Makes what distinguishes a job from an earlier one of the same name. Default: random. */
  readonly createId?: () => string;
}

/** AWS's: imports that have not ended, of an account and region. */
const MAX_RUNNING = 5;

/** CreateDatasetImportJob, DescribeDatasetImportJob and ListDatasetImportJobs. */
export function createDatasetImportJobOperations(dependencies: DatasetImportJobDependencies) {
  const { sql, resources, records } = dependencies;

  async function createDatasetImportJob(
    input: CreateDatasetImportJobRequest,
    caller: Caller,
  ): Promise<CreateDatasetImportJobResponse> {
    requireS3Location(input.dataSource?.dataLocation, "dataSource");
    const follows = await newestRecord(caller, input.datasetArn);
    return await sql.transaction(async (transaction) => {
      const { dataset, group } = await requireActiveDataset(resources, caller, input.datasetArn, transaction);
      // What an erasure does not see it cannot erase.
      const bodyContains = { datasetGroupArn: group.arn };
      await refuseInUse(transaction, group, [{ type: "data-deletion-job", bodyContains, statuses: RUNNING_STATUSES }]);
      const limit = { type: "dataset-import-job", max: MAX_RUNNING, statuses: RUNNING_STATUSES } as const;
      await refuseBeyond(transaction, caller, limit);
      const own = { datasetArn: dataset.arn, datasetGroupArn: group.arn, follows };
      const row = newDatasetImportJob(input, own, caller, dependencies);
      return { datasetImportJobArn: (await insertPersonalize(dependencies, caller, row, transaction)).arn };
    });
  }

  /** What is put from now on is newer than the rows of the import. */
  async function newestRecord(caller: Caller, datasetArn: string | undefined): Promise<number> {
    const { body } = await requirePersonalize<DatasetBody>(resources, caller, { type: "dataset", arn: datasetArn });
    const ref = { type: "dataset-group", arn: body.datasetGroupArn } as const;
    return await records.newest((await requirePersonalize(resources, caller, ref)).id);
  }

  async function describeDatasetImportJob(
    { datasetImportJobArn }: DescribeDatasetImportJobRequest,
    caller: Caller,
  ): Promise<DescribeDatasetImportJobResponse> {
    const ref = { type: "dataset-import-job", arn: datasetImportJobArn } as const;
    const job = await requirePersonalize<DatasetImportJobBody>(resources, caller, ref);
    return { datasetImportJob: describeImportJob(job) };
  }

  async function listDatasetImportJobs(
    input: ListDatasetImportJobsRequest,
    caller: Caller,
  ): Promise<ListDatasetImportJobsResponse> {
    const { datasetArn } = input;
    const query = { ...input, bodyContains: datasetArn === undefined ? {} : { datasetArn } };
    const page = await listPersonalize<DatasetImportJobBody>(resources, caller, "dataset-import-job", query);
    return { datasetImportJobs: page.resources.map(summarize), nextToken: page.nextToken };
  }

  return { createDatasetImportJob, describeDatasetImportJob, listDatasetImportJobs };
}

/** The row of an import that begins now. */
export function newDatasetImportJob(
  input: CreateDatasetImportJobRequest,
  own: Pick<DatasetImportJobBody, "datasetArn" | "datasetGroupArn" | "follows">,
  creator: Pick<Caller, "accessKeyId">,
  dependencies: Pick<DatasetImportJobDependencies, "clock" | "createId">,
): NewPersonalizeResource<DatasetImportJobBody> {
  const { jobName = "", dataSource = {}, importMode = "FULL", publishAttributionMetricsToS3, roleArn, tags } = input;
  const body: DatasetImportJobBody = {
    ...newPersonalizeJob(jobName, creator, dependencies),
    ...own,
    dataSource,
    importMode,
    publishAttributionMetricsToS3,
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
  };
  return { type: "dataset-import-job", name: jobName, status: "InProgress", body, due: "now", tags };
}

function summarize(job: DatasetImportJob): DatasetImportJobSummary {
  const { failureReason, importMode } = describeImportJob(job);
  return { jobName: job.name, datasetImportJobArn: job.arn, ...describePersonalizeJob(job), failureReason, importMode };
}
