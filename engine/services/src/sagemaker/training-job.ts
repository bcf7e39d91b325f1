import { randomBytes } from "node:crypto";
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
import { type NewResource, type Resources, type Sql, StoreError } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { sageMakerArn } from "./arn.ts";
import { listPage } from "./list-query.ts";
import { writeTags } from "./tags.ts";
import {
  describeTrainingJob,
  enter,
  TRAINING_JOB,
  type TrainingJob,
  type TrainingJobBody,
} from "./training-job-body.ts";
import { builtInTrainingImages, type TrainingImages } from "./training-job-images.ts";
import { checkTrainingJob } from "./training-job-validation.ts";

export interface TrainingJobDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
  /** Default: the built-in images. */
  readonly images?: TrainingImages;
  /** Makes what distinguishes a job from an earlier one of the same name. Default: random. */
  readonly createId?: () => string;
}

const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;

/** CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob and DeleteTrainingJob. */
export function createTrainingJobOperations(dependencies: TrainingJobDependencies) {
  const { sql, resources, clock } = dependencies;

  async function createTrainingJob(
    input: CreateTrainingJobRequest,
    caller: Caller,
  ): Promise<CreateTrainingJobResponse> {
    checkTrainingJob(input);
    const row = newTrainingJob(input, caller, dependencies);
    const { arn } = row;
    try {
      await sql.transaction(async (transaction) => {
        await writeTags(transaction, await resources.insert(row, transaction), input.Tags);
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
      throw awsError(
        "ResourceInUse",
        `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
      );
    }
    return { TrainingJobArn: arn };
  }

  async function describe(input: DescribeTrainingJobRequest, caller: Caller): Promise<DescribeTrainingJobResponse> {
    return describeTrainingJob(requireFound(await resources.find(caller, TRAINING_JOB, input.TrainingJobName ?? "")));
  }

  async function listTrainingJobs(input: ListTrainingJobsRequest, caller: Caller): Promise<ListTrainingJobsResponse> {
    const { WarmPoolStatusEquals, TrainingPlanArnEquals } = input;
    // No job has either here.
    if (WarmPoolStatusEquals !== undefined || TrainingPlanArnEquals !== undefined) return { TrainingJobSummaries: [] };
    // Unlike the other List operations this one is documented to begin with the oldest.
    const page = await listPage<TrainingJobBody>(resources, caller, TRAINING_JOB, { SortOrder: "Ascending", ...input });
    return { TrainingJobSummaries: page.resources.map(summarize), NextToken: page.nextToken };
  }

  async function stopTrainingJob(
    { TrainingJobName: name = "" }: StopTrainingJobRequest,
    caller: Caller,
  ): Promise<void> {
    await sql.transaction(async (transaction) => {
      const job = requireFound(await resources.findForUpdate(caller, TRAINING_JOB, name, transaction));
      if (job.status === "Stopping") return;
      if (job.status !== "InProgress") {
        throw awsError(
          "ValidationException",
          `The request was rejected because the training job is in status ${job.status}.`,
        );
      }
      const body = enter(job.body, "Stopping", clock.now());
      await resources.update(job, { status: "Stopping", body, due: "now" }, transaction);
    });
  }

  async function deleteTrainingJob(
    { TrainingJobName: name = "" }: DeleteTrainingJobRequest,
    caller: Caller,
  ): Promise<void> {
    await sql.transaction(async (transaction) => {
      const job = requireFound(await resources.findForUpdate(caller, TRAINING_JOB, name, transaction));
      if (job.status === "InProgress" || job.status === "Stopping") {
        throw awsError(
          "ResourceInUse",
          `The training job ${name} is ${job.status}; only one that has ended can be deleted.`,
        );
      }
      await resources.delete(job, transaction);
    });
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
    createId = randomId,
  }: Pick<TrainingJobDependencies, "clock" | "images" | "createId">,
): TrainingJobBody {
  const now = clock.now();
  const { AlgorithmSpecification: algorithm, OutputDataConfig: output } = request;
  const given = algorithm?.MetricDefinitions ?? [];
  const MetricDefinitions = [...given, ...metricsOfImage(images, algorithm?.TrainingImage ?? "", given)];
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
    run: {
      id: `${name}-${createId()}`,
      phase: "starting",
      accessKeyId: caller.accessKeyId,
      outputOffset: 0,
      tooSlow: [],
    },
  };
  return enter(body, "Starting", now);
}

/** What a built-in algorithm measures by itself, less what the request defines under the same name. */
function metricsOfImage(images: TrainingImages, uri: string, given: readonly MetricDefinition[]): MetricDefinition[] {
  const names = new Set(given.map(({ Name }) => Name));
  const own = images.find(uri)?.metrics ?? [];
  return own.filter(({ name }) => !names.has(name)).map(({ name, regex }) => ({ Name: name, Regex: regex }));
}

function randomId(): string {
  return randomBytes(6).toString("hex");
}

function requireFound(job: TrainingJob | undefined): TrainingJob {
  if (job === undefined) throw awsError("ValidationException", "Requested resource not found.");
  return job;
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
