import type {
  CreateDataDeletionJobRequest,
  CreateDataDeletionJobResponse,
  DescribeDataDeletionJobRequest,
  DescribeDataDeletionJobResponse,
  ListDataDeletionJobsRequest,
  ListDataDeletionJobsResponse,
} from "@aws-sdk/client-personalize";
import type { Caller } from "@rondo/wire";
import { refuseBeyond } from "./account-limit.ts";
import { requireActiveGroup } from "./active-group.ts";
import { type DataDeletionJobBody, describeDeletionJob, summarizeDeletionJob } from "./data-deletion-job-body.ts";
import { newPersonalizeJob } from "./personalize-job.ts";
import {
  insertPersonalize,
  listPersonalize,
  type NewPersonalizeResource,
  type PersonalizeStore,
  requirePersonalize,
} from "./personalize-resource.ts";
import { RUNNING_STATUSES, refuseInUse } from "./resource-use.ts";
import { requireS3Location } from "./s3-source.ts";

export interface DataDeletionJobDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
  /** Makes what distinguishes a job from an earlier one of the same name. Default: random. */
  readonly createId?: () => string;
}

/** AWS's: deletions that have not ended, of an account and region. */
const MAX_RUNNING = 5;

/** CreateDataDeletionJob, DescribeDataDeletionJob and ListDataDeletionJobs. */
export function createDataDeletionJobOperations(dependencies: DataDeletionJobDependencies) {
  const { sql, resources } = dependencies;

  async function createDataDeletionJob(
    input: CreateDataDeletionJobRequest,
    caller: Caller,
  ): Promise<CreateDataDeletionJobResponse> {
    requireS3Location(input.dataSource?.dataLocation, "dataSource");
    return await sql.transaction(async (transaction) => {
      const group = await requireActiveGroup(resources, caller, input.datasetGroupArn, transaction);
      const running = { bodyContains: { datasetGroupArn: group.arn }, statuses: RUNNING_STATUSES };
      // What is about to be imported could be the users' own; and two erasures would write the same segments.
      const uses = [
        { type: "dataset-import-job", ...running } as const,
        { type: "data-deletion-job", ...running } as const,
      ];
      await refuseInUse(transaction, group, uses);
      const limit = { type: "data-deletion-job", max: MAX_RUNNING, statuses: RUNNING_STATUSES } as const;
      await refuseBeyond(transaction, caller, limit);
      const row = newDataDeletionJob(input, caller, dependencies);
      return { dataDeletionJobArn: (await insertPersonalize(dependencies, caller, row, transaction)).arn };
    });
  }

  async function describeDataDeletionJob(
    { dataDeletionJobArn }: DescribeDataDeletionJobRequest,
    caller: Caller,
  ): Promise<DescribeDataDeletionJobResponse> {
    const ref = { type: "data-deletion-job", arn: dataDeletionJobArn } as const;
    const job = await requirePersonalize<DataDeletionJobBody>(resources, caller, ref);
    return { dataDeletionJob: describeDeletionJob(job) };
  }

  async function listDataDeletionJobs(
    input: ListDataDeletionJobsRequest,
    caller: Caller,
  ): Promise<ListDataDeletionJobsResponse> {
    const { datasetGroupArn } = input;
    const query = { ...input, bodyContains: datasetGroupArn === undefined ? {} : { datasetGroupArn } };
    const page = await listPersonalize<DataDeletionJobBody>(resources, caller, "data-deletion-job", query);
    return { dataDeletionJobs: page.resources.map(summarizeDeletionJob), nextToken: page.nextToken };
  }

  return { createDataDeletionJob, describeDataDeletionJob, listDataDeletionJobs };
}

/** The row of a deletion that begins now. */
export function newDataDeletionJob(
  input: CreateDataDeletionJobRequest,
  creator: Pick<Caller, "accessKeyId">,
  dependencies: Pick<DataDeletionJobDependencies, "clock" | "createId">,
): NewPersonalizeResource<DataDeletionJobBody> {
  const { jobName = "", datasetGroupArn = "", dataSource = {}, roleArn, tags } = input;
  const body: DataDeletionJobBody = {
    ...newPersonalizeJob(jobName, creator, dependencies),
    datasetGroupArn,
    dataSource,
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
  };
  return { type: "data-deletion-job", name: jobName, status: "InProgress", body, due: "now", tags };
}
