import type {
  CreateTrainingJobRequest,
  CreateTrainingJobResponse,
  DeleteTrainingJobRequest,
  DescribeTrainingJobRequest,
  DescribeTrainingJobResponse,
  ListTrainingJobsRequest,
  ListTrainingJobsResponse,
  MetricDefinition,
  StopTrainingJobRequest,
  TrainingJobStatus,
  TrainingJobSummary,
} from "@aws-sdk/client-sagemaker";
import type { NewResource } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { DEFAULT_MAX_RUNTIME_SECONDS } from "../jobs/job-progress.ts";
import { newRun } from "../jobs/job-run.ts";
import { randomRunSuffix } from "../jobs/job-run-id.ts";
import { sageMakerArn } from "./arn.ts";
import { createJobRecords, type JobRecordDependencies } from "./job-records.ts";
import { listPage } from "./list-query.ts";
import {
  describeTrainingJob,
  enter,
  TRAINING_JOB,
  type TrainingJob,
  type TrainingJobBody,
} from "./training-job-body.ts";
import { bringsProgram } from "./training-job-code.ts";
import { builtInTrainingImages, type TrainingImage, type TrainingImages } from "./training-job-images.ts";
import { checkTrainingJob } from "./training-job-validation.ts";

export interface TrainingJobDependencies extends JobRecordDependencies {
  /** Default: the built-in images. */
  readonly images?: TrainingImages;
  /** Makes what distinguishes a job from an earlier one of the same name. Default: random. */
  readonly createId?: () => string;
}

/** CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob and DeleteTrainingJob. */
export function createTrainingJobOperations(dependencies: TrainingJobDependencies) {
  const { resources } = dependencies;
  const records = createJobRecords<TrainingJobBody>(dependencies, {
    type: TRAINING_JOB,
    noun: "training job",
    notFound: () => "Requested resource not found.",
    taken: (arn) =>
      `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
    stopping: (body, at) => enter(body, "Stopping", at),
  });

  async function createTrainingJob(
    input: CreateTrainingJobRequest,
    caller: Caller,
  ): Promise<CreateTrainingJobResponse> {
    checkTrainingJob(input);
    const row = newTrainingJob(input, caller, dependencies);
    await records.insert(row, input.Tags);
    return { TrainingJobArn: row.arn };
  }

  async function describe(input: DescribeTrainingJobRequest, caller: Caller): Promise<DescribeTrainingJobResponse> {
    return describeTrainingJob(await records.find(caller, input.TrainingJobName ?? ""));
  }

  async function listTrainingJobs(input: ListTrainingJobsRequest, caller: Caller): Promise<ListTrainingJobsResponse> {
    const { WarmPoolStatusEquals, TrainingPlanArnEquals } = input;
    // No job has either here.
    if (WarmPoolStatusEquals !== undefined || TrainingPlanArnEquals !== undefined) return { TrainingJobSummaries: [] };
    // Unlike the other List operations this one is documented to begin with the oldest.
    const page = await listPage<TrainingJobBody>(resources, caller, TRAINING_JOB, { SortOrder: "Ascending", ...input });
    return { TrainingJobSummaries: page.resources.map(summarize), NextToken: page.nextToken };
  }

  async function stopTrainingJob(input: StopTrainingJobRequest, caller: Caller): Promise<void> {
    await records.stop(caller, input.TrainingJobName ?? "");
  }

  async function deleteTrainingJob(input: DeleteTrainingJobRequest, caller: Caller): Promise<void> {
    await records.remove(caller, input.TrainingJobName ?? "");
  }

  return { createTrainingJob, describeTrainingJob: describe, listTrainingJobs, stopTrainingJob, deleteTrainingJob };
}

/** The row of a job that begins now. */
export function newTrainingJob(
  input: CreateTrainingJobRequest,
  caller: Caller,
  dependencies: Pick<TrainingJobDependencies, "clock" | "images" | "createId">,
): NewResource<TrainingJobBody> {
  const { accountId, region } = caller;
  const { TrainingJobName: name = "" } = input;
  const arn = sageMakerArn(caller, "training-job", name);
  const body = newBody(input, caller, dependencies);
  return { accountId, region, type: TRAINING_JOB, name, arn, status: "InProgress", body, due: "now" };
}

function newBody(
  { Tags: _tags, SessionChainingConfig: _session, TrainingJobName: name, ...request }: CreateTrainingJobRequest,
  caller: Caller,
  {
    clock,
    images = builtInTrainingImages,
    createId = randomRunSuffix,
  }: Pick<TrainingJobDependencies, "clock" | "images" | "createId">,
): TrainingJobBody {
  const now = clock.now();
  const { AlgorithmSpecification: algorithm, OutputDataConfig: output } = request;
  const given = algorithm?.MetricDefinitions ?? [];
  const image = images.find(algorithm?.TrainingImage ?? "", { bringsProgram: bringsProgram(request) });
  const MetricDefinitions = [...given, ...metricsOfImage(image, given)];
  const body: TrainingJobBody = {
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: false,
    EnableManagedSpotTraining: false,
    ProfilingStatus: "Disabled",
    ...request,
    ...(algorithm === undefined ? {} : { AlgorithmSpecification: { ...algorithm, MetricDefinitions } }),
    // As AWS shows them; the Python SDK's Estimator.attach needs KmsKeyId to be there.
    ...(output === undefined ? {} : { OutputDataConfig: { KmsKeyId: "", CompressionType: "GZIP", ...output } }),
    StoppingCondition: { MaxRuntimeInSeconds: DEFAULT_MAX_RUNTIME_SECONDS, ...request.StoppingCondition },
    SecondaryStatus: "Starting",
    SecondaryStatusTransitions: [],
    LastModifiedTime: now.toISOString(),
    run: newRun(`${name}-${createId()}`, caller.accessKeyId),
  };
  return enter(body, "Starting", now);
}

/** What a built-in algorithm measures by itself, less what the request defines under the same name. */
function metricsOfImage(image: TrainingImage | undefined, given: readonly MetricDefinition[]): MetricDefinition[] {
  const names = new Set(given.map(({ Name }) => Name));
  const own = image?.metrics ?? [];
  return own.filter(({ name }) => !names.has(name)).map(({ name, regex }) => ({ Name: name, Regex: regex }));
}

function summarize({ name, arn, status, createdAt, body }: TrainingJob): TrainingJobSummary {
  return {
    TrainingJobName: name,
    TrainingJobArn: arn,
    CreationTime: createdAt,
    TrainingEndTime: body.TrainingEndTime === undefined ? undefined : new Date(body.TrainingEndTime),
    LastModifiedTime: new Date(body.LastModifiedTime),
    TrainingJobStatus: status as TrainingJobStatus,
    SecondaryStatus: body.SecondaryStatus,
  };
}
