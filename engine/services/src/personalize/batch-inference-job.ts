import type {
  BatchInferenceJob,
  CreateBatchInferenceJobRequest,
  CreateBatchInferenceJobResponse,
  DescribeBatchInferenceJobRequest,
  DescribeBatchInferenceJobResponse,
  ListBatchInferenceJobsRequest,
  ListBatchInferenceJobsResponse,
} from "@aws-sdk/client-personalize";
import { awsError, type Caller } from "@rondo/wire";
import type { BatchJob, BatchJobBody } from "./batch-job-body.ts";
import { type BatchJobDependencies, insertBatchJob, newBatchJob } from "./batch-job-request.ts";
import { checkItemExploration } from "./item-exploration.ts";
import { describePersonalizeJob } from "./personalize-job.ts";
import { listPersonalize, requirePersonalize } from "./personalize-resource.ts";
import { refuseRankingInfluence } from "./ranking-influence.ts";
import { requireRecipe } from "./recipe.ts";
import { requireTrainedVersion } from "./trained-version.ts";

const MODE = "BATCH_INFERENCE";

/** CreateBatchInferenceJob, DescribeBatchInferenceJob and ListBatchInferenceJobs. */
export function createBatchInferenceJobOperations(dependencies: BatchJobDependencies) {
  const { resources } = dependencies;

  async function createBatchInferenceJob(
    input: CreateBatchInferenceJobRequest,
    caller: Caller,
  ): Promise<CreateBatchInferenceJobResponse> {
    const { batchInferenceJobMode = MODE, themeGenerationConfig, batchInferenceJobConfig } = input;
    if (batchInferenceJobMode !== MODE || themeGenerationConfig !== undefined) {
      throw awsError(
        "InvalidInputException",
        "Theme generation is not supported: leave out batchInferenceJobMode and themeGenerationConfig.",
      );
    }
    refuseRankingInfluence(batchInferenceJobConfig?.rankingInfluence);
    const { body } = await requireTrainedVersion(resources, caller, input.solutionVersionArn ?? "");
    checkItemExploration(requireRecipe(body.recipeArn), batchInferenceJobConfig?.itemExplorationConfig);
    const row = await newBatchJob(dependencies, caller, "batch-inference-job", input);
    return { batchInferenceJobArn: await insertBatchJob(dependencies, caller, row) };
  }

  async function describeBatchInferenceJob(
    input: DescribeBatchInferenceJobRequest,
    caller: Caller,
  ): Promise<DescribeBatchInferenceJobResponse> {
    const ref = { type: "batch-inference-job", arn: input.batchInferenceJobArn } as const;
    return { batchInferenceJob: describe(await requirePersonalize<BatchJobBody>(resources, caller, ref)) };
  }

  async function listBatchInferenceJobs(
    input: ListBatchInferenceJobsRequest,
    caller: Caller,
  ): Promise<ListBatchInferenceJobsResponse> {
    const { solutionVersionArn } = input;
    const bodyContains = solutionVersionArn === undefined ? {} : { solutionVersionArn };
    const query = { ...input, bodyContains };
    const page = await listPersonalize<BatchJobBody>(resources, caller, "batch-inference-job", query);
    return { batchInferenceJobs: page.resources.map(summarize), nextToken: page.nextToken };
  }

  return { createBatchInferenceJob, describeBatchInferenceJob, listBatchInferenceJobs };
}

function summarize(job: BatchJob) {
  const { name, arn, body } = job;
  const { solutionVersionArn } = body;
  const state = describePersonalizeJob(job);
  return {
    jobName: name,
    batchInferenceJobArn: arn,
    solutionVersionArn,
    batchInferenceJobMode: MODE,
    ...state,
  } as const;
}

function describe(job: BatchJob): BatchInferenceJob {
  const { filterArn, numResults, jobInput, jobOutput, batchInferenceJobConfig, RoleArn: roleArn } = job.body;
  return { ...summarize(job), filterArn, numResults, jobInput, jobOutput, batchInferenceJobConfig, roleArn };
}
