import type {
  CreateDatasetExportJobRequest,
  CreateDatasetExportJobResponse,
  DatasetExportJobSummary,
  DescribeDatasetExportJobRequest,
  DescribeDatasetExportJobResponse,
  ListDatasetExportJobsRequest,
  ListDatasetExportJobsResponse,
} from "@aws-sdk/client-personalize";
import type { Caller } from "@rondo/wire";
import { refuseBeyond } from "./account-limit.ts";
import { requireActiveDataset } from "./active-dataset.ts";
import { type DatasetExportJob, type DatasetExportJobBody, describeExportJob } from "./dataset-export-job-body.ts";
import { describePersonalizeJob, newPersonalizeJob } from "./personalize-job.ts";
import {
  insertPersonalize,
  listPersonalize,
  type NewPersonalizeResource,
  type PersonalizeStore,
  requirePersonalize,
} from "./personalize-resource.ts";
import { RUNNING_STATUSES } from "./resource-use.ts";
import { requireS3Location } from "./s3-source.ts";

export interface DatasetExportJobDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
  /** Makes what distinguishes a job from an earlier one of the same name. Default: random. */
  readonly createId?: () => string;
}

/** AWS's: exports that have not ended, of an account and region. */
const MAX_RUNNING = 5;

/** CreateDatasetExportJob, DescribeDatasetExportJob and ListDatasetExportJobs. */
export function createDatasetExportJobOperations(dependencies: DatasetExportJobDependencies) {
  const { sql, resources } = dependencies;

  async function createDatasetExportJob(
    input: CreateDatasetExportJobRequest,
    caller: Caller,
  ): Promise<CreateDatasetExportJobResponse> {
    requireS3Location(input.jobOutput?.s3DataDestination?.path, "jobOutput");
    return await sql.transaction(async (transaction) => {
      const { dataset, group } = await requireActiveDataset(resources, caller, input.datasetArn, transaction);
      const limit = { type: "dataset-export-job", max: MAX_RUNNING, statuses: RUNNING_STATUSES } as const;
      await refuseBeyond(transaction, caller, limit);
      const own = { datasetArn: dataset.arn, datasetGroupArn: group.arn };
      const row = newDatasetExportJob(input, own, caller, dependencies);
      return { datasetExportJobArn: (await insertPersonalize(dependencies, caller, row, transaction)).arn };
    });
  }

  async function describeDatasetExportJob(
    { datasetExportJobArn }: DescribeDatasetExportJobRequest,
    caller: Caller,
  ): Promise<DescribeDatasetExportJobResponse> {
    const ref = { type: "dataset-export-job", arn: datasetExportJobArn } as const;
    const job = await requirePersonalize<DatasetExportJobBody>(resources, caller, ref);
    return { datasetExportJob: describeExportJob(job) };
  }

  async function listDatasetExportJobs(
    input: ListDatasetExportJobsRequest,
    caller: Caller,
  ): Promise<ListDatasetExportJobsResponse> {
    const { datasetArn } = input;
    const query = { ...input, bodyContains: datasetArn === undefined ? {} : { datasetArn } };
    const page = await listPersonalize<DatasetExportJobBody>(resources, caller, "dataset-export-job", query);
    return { datasetExportJobs: page.resources.map(summarize), nextToken: page.nextToken };
  }

  return { createDatasetExportJob, describeDatasetExportJob, listDatasetExportJobs };
}

/** The row of an export that begins now. */
export function newDatasetExportJob(
  input: CreateDatasetExportJobRequest,
  own: Pick<DatasetExportJobBody, "datasetArn" | "datasetGroupArn">,
  creator: Pick<Caller, "accessKeyId">,
  dependencies: Pick<DatasetExportJobDependencies, "clock" | "createId">,
): NewPersonalizeResource<DatasetExportJobBody> {
  const { jobName = "", ingestionMode = "PUT", jobOutput = { s3DataDestination: undefined }, roleArn, tags } = input;
  const body: DatasetExportJobBody = {
    ...newPersonalizeJob(jobName, creator, dependencies),
    ...own,
    ingestionMode,
    jobOutput,
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
  };
  return { type: "dataset-export-job", name: jobName, status: "InProgress", body, due: "now", tags };
}

function summarize(job: DatasetExportJob): DatasetExportJobSummary {
  return { jobName: job.name, datasetExportJobArn: job.arn, ...describePersonalizeJob(job) };
}
