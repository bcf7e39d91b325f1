import type {
  BatchSegmentJob,
  CreateBatchSegmentJobRequest,
  CreateBatchSegmentJobResponse,
  DescribeBatchSegmentJobRequest,
  DescribeBatchSegmentJobResponse,
  ListBatchSegmentJobsRequest,
  ListBatchSegmentJobsResponse,
} from "@aws-sdk/client-personalize";
import type { Caller } from "@rondo/wire";
import type { BatchJob, BatchJobBody } from "./batch-job-body.ts";
import { type BatchJobDependencies, insertBatchJob, newBatchJob } from "./batch-job-request.ts";
import { describePersonalizeJob } from "./personalize-job.ts";
import { listPersonalize, requirePersonalize } from "./personalize-resource.ts";

/** CreateBatchSegmentJob, DescribeBatchSegmentJob and ListBatchSegmentJobs. */
export function createBatchSegmentJobOperations(dependencies: BatchJobDependencies) {
  const { resources } = dependencies;

  async function createBatchSegmentJob(
    input: CreateBatchSegmentJobRequest,
    caller: Caller,
  ): Promise<CreateBatchSegmentJobResponse> {
    const row = await newBatchJob(dependencies, caller, "batch-segment-job", input);
    return { batchSegmentJobArn: await insertBatchJob(dependencies, caller, row) };
  }

  async function describeBatchSegmentJob(
    input: DescribeBatchSegmentJobRequest,
    caller: Caller,
  ): Promise<DescribeBatchSegmentJobResponse> {
    const ref = { type: "batch-segment-job", arn: input.batchSegmentJobArn } as const;
    return { batchSegmentJob: describe(await requirePersonalize<BatchJobBody>(resources, caller, ref)) };
  }

  async function listBatchSegmentJobs(
    input: ListBatchSegmentJobsRequest,
    caller: Caller,
  ): Promise<ListBatchSegmentJobsResponse> {
    const { solutionVersionArn } = input;
    const bodyContains = solutionVersionArn === undefined ? {} : { solutionVersionArn };
    const page = await listPersonalize<BatchJobBody>(resources, caller, "batch-segment-job", {
      ...input,
      bodyContains,
    });
    return { batchSegmentJobs: page.resources.map(summarize), nextToken: page.nextToken };
  }

  return { createBatchSegmentJob, describeBatchSegmentJob, listBatchSegmentJobs };
}

function summarize(job: BatchJob) {
  const { name, arn, body } = job;
  const state = describePersonalizeJob(job);
  return { jobName: name, batchSegmentJobArn: arn, solutionVersionArn: body.solutionVersionArn, ...state };
}

function describe(job: BatchJob): BatchSegmentJob {
  const { filterArn, numResults, jobInput, jobOutput, RoleArn: roleArn } = job.body;
  return { ...summarize(job), filterArn, numResults, jobInput, jobOutput, roleArn };
}
