import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ReconcileContext } from "@rondo/control";
import { ClientError } from "@rondo/images";
import {
  type CollectOptions,
  collectModel,
  collectOutput,
  outputUri,
  parseS3Uri,
  stageChannels,
  writeConfiguration,
} from "@rondo/run";
import { StoreError } from "@rondo/store";
import { enter, type TrainingJob, type TrainingOutcome, type TrainingRun } from "./training-job-body.ts";
import { toInputChannel } from "./training-job-channels.ts";
import { builtInTrainingImages, type TrainingImages } from "./training-job-images.ts";
import { failed } from "./training-job-outcome.ts";
import { remainingRuntimeMs, type TrainingProgressDependencies } from "./training-job-progress.ts";

export interface TrainingJobKindDependencies extends TrainingProgressDependencies {
  /** The directory that holds the jobs' directories. */
  readonly directory: string;
  /** Default: the built-in images. */
  readonly images?: TrainingImages;
  /** How a job reaches this server: AWS_ENDPOINT_URL and credentials. */
  readonly jobEnvironment: (job: TrainingJob) => Promise<Readonly<Record<string, string>>>;
}

export interface StepContext {
  readonly dependencies: TrainingJobKindDependencies;
  readonly context: ReconcileContext;
}

/** What stands for the job's `/opt/ml`. */
export function directoryOf({ directory }: TrainingJobKindDependencies, job: TrainingJob): string {
  return join(directory, job.body.run.id);
}

/** Refuses what cannot run, and goes on to stage. */
export async function begin(step: StepContext, job: TrainingJob): Promise<TrainingJob> {
  const problem = await findProblem(step.dependencies, job);
  if (problem !== undefined) return await end(step, job, failed(problem));
  const now = step.dependencies.clock.now();
  const logStream = `${job.name}/algo-1-${Math.floor(now.getTime() / 1000)}`;
  const body = { ...enter(job.body, "Downloading", now), TrainingStartTime: now.toISOString() };
  return await savePhase(step, { ...job, body }, { phase: "staging", logStream });
}

async function findProblem(dependencies: TrainingJobKindDependencies, job: TrainingJob): Promise<string | undefined> {
  const { images = builtInTrainingImages, objects } = dependencies;
  const image = job.body.AlgorithmSpecification?.TrainingImage ?? "";
  if (images.find(image) === undefined) {
    const known = images.known.join(", ");
    return `ClientError: The training image ${image} cannot be run here. Known are the built-in images ${known}, from any registry.`;
  }
  const path = job.body.OutputDataConfig?.S3OutputPath ?? "";
  const bucket = parseS3Uri(path)?.bucket ?? "";
  if ((await objects.findBucket({ accountId: job.accountId, bucket })) !== undefined) return undefined;
  return `ClientError: The output location ${path} cannot be written: the bucket ${bucket} does not exist.`;
}

/** What a timer of Node takes, some 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Writes the container's configuration and copies its channels. MaxRuntimeInSeconds counts from here, so a download that hangs ends too. */
export async function stage(step: StepContext, job: TrainingJob): Promise<TrainingJob> {
  const { dependencies, context } = step;
  const { HyperParameters = {}, ResourceConfig, CheckpointConfig, InputDataConfig = [] } = job.body;
  const directory = directoryOf(dependencies, job);
  const channels = InputDataConfig.map(toInputChannel);
  const instanceType = ResourceConfig?.InstanceType ?? "local";
  const configuration = { hyperparameters: HyperParameters, channels, instanceType, checkpoint: CheckpointConfig };
  const { objects, clock } = dependencies;
  const timeout = AbortSignal.timeout(Math.min(MAX_TIMER_MS, Math.max(0, remainingRuntimeMs(job.body, clock.now()))));
  const signal = AbortSignal.any([context.signal, timeout]);
  try {
    await writeConfiguration(directory, configuration);
    await stageChannels({ objects, accountId: job.accountId, channels, directory, signal });
  } catch (error) {
    if (timeout.aborted && !context.signal.aborted) {
      return await end(step, job, { status: "Stopped", secondaryStatus: "MaxRuntimeExceeded" });
    }
    if (!(error instanceof ClientError)) throw error;
    return await end(step, job, failed(`ClientError: ${error.message}`));
  }
  context.crashPoint("training-job:staged");
  return await savePhase(step, job, { phase: "launching" });
}

/** Starts the program. Also for a job that was stopped meanwhile: a crash may have forgotten that it runs already. */
export async function launch(step: StepContext, job: TrainingJob): Promise<TrainingJob> {
  const { dependencies, context } = step;
  const { run, AlgorithmSpecification, Environment } = job.body;
  const { images = builtInTrainingImages, executor } = dependencies;
  const command = images.find(AlgorithmSpecification?.TrainingImage ?? "")?.command ?? [];
  const directory = directoryOf(dependencies, job);
  const environment = {
    HOME: directory,
    TMPDIR: join(directory, "tmp"),
    ...(await dependencies.jobEnvironment(job)),
    ...Environment,
    AWS_REGION: job.region,
    SAGEMAKER_BASE_DIR: directory,
    TRAINING_JOB_NAME: job.name,
    TRAINING_JOB_ARN: job.arn,
  };
  const handle = await executor.start({ id: run.id, directory, command, environment });
  context.crashPoint("training-job:launched");
  const body = job.status === "Stopping" ? job.body : enter(job.body, "Training", dependencies.clock.now());
  return await savePhase(step, { ...job, body }, { phase: "training", handle });
}

/** Notes the outcome, so that a repetition does not look for a program that is gone. */
export async function end(step: StepContext, job: TrainingJob, outcome: TrainingOutcome): Promise<TrainingJob> {
  const hasRun = job.body.run.handle !== undefined;
  const isStopping = job.status === "Stopping" || !hasRun;
  const body = isStopping ? job.body : enter(job.body, "Uploading", step.dependencies.clock.now());
  return await savePhase(step, { ...job, body }, { phase: hasRun ? "uploading" : "finishing", outcome });
}

/** Packs the model, unless the job has failed, and what else the program wrote. */
export async function upload(step: StepContext, job: TrainingJob): Promise<TrainingJob> {
  const { dependencies, context } = step;
  const options: CollectOptions = {
    objects: dependencies.objects,
    accountId: job.accountId,
    directory: directoryOf(dependencies, job),
    outputPath: job.body.OutputDataConfig?.S3OutputPath ?? "",
    jobName: job.name,
    signal: context.signal,
  };
  const { outcome } = job.body.run;
  try {
    await collectOutput(options);
    if (outcome?.status === "Failed") return await savePhase(step, job, { phase: "finishing" });
    const S3ModelArtifacts = await collectModel(options);
    context.crashPoint("training-job:uploaded");
    return await savePhase(
      step,
      { ...job, body: { ...job.body, ModelArtifacts: { S3ModelArtifacts } } },
      { phase: "finishing" },
    );
  } catch (error) {
    // The bucket is gone, or the program left what cannot be packed.
    if (!(error instanceof StoreError) || !/^(NoSuch|Invalid)/.test(error.code)) throw error;
    const location = outputUri(options.outputPath, options.jobName, "");
    const refused = failed(`ClientError: Artifact upload to ${location} failed: ${error.code}: ${error.message}`);
    return await savePhase(step, job, {
      phase: "finishing",
      outcome: outcome?.status === "Failed" ? outcome : refused,
    });
  }
}

/** Deletes what the job left on this machine; its logs, metrics and artifacts are elsewhere by now. */
export async function cleanUp(dependencies: TrainingJobKindDependencies, job: TrainingJob): Promise<void> {
  const { handle } = job.body.run;
  if (handle !== undefined) await dependencies.executor.remove(handle);
  await rm(directoryOf(dependencies, job), { recursive: true, force: true, maxRetries: 3 });
}

async function savePhase({ context }: StepContext, job: TrainingJob, run: Partial<TrainingRun>): Promise<TrainingJob> {
  return await context.save(job, { body: { ...job.body, run: { ...job.body.run, ...run } } });
}
