import type { ResourceKind } from "@rondo/control";
import {
  type CollectOptions,
  collectModel,
  collectOutput,
  outputUri,
  readFailure,
  stageChannels,
  unpackCode,
  writeConfiguration,
} from "@rondo/run";
import type { JobDefinition, JobKindDependencies, JobMetrics, JobPlace } from "../jobs/job-definition.ts";
import { createJobKind, jobCrashPoints } from "../jobs/job-kind.ts";
import { CONTAINER_DIRECTORY, findOutputProblem, uploadTo } from "../jobs/job-locations.ts";
import type { JobOutcome } from "../jobs/job-run.ts";
import { containerProgram } from "./job-program.ts";
import { enter, TRAINING_JOB, type TrainingJob, type TrainingJobBody } from "./training-job-body.ts";
import { toInputChannel } from "./training-job-channels.ts";
import { bringsProgram, codeUri } from "./training-job-code.ts";
import { builtInTrainingImages, type TrainingImages } from "./training-job-images.ts";

const WORD = "training-job";
const NAMESPACE = "/aws/sagemaker/TrainingJobs";

/** Where tests kill the server. */
export const trainingJobCrashPoints = jobCrashPoints(WORD);

export interface TrainingJobKindDependencies extends JobKindDependencies {
  /** Default: the built-in images. */
  readonly images?: TrainingImages;
}

/** Training jobs: channels in, the image's `train`, `model.tar.gz` out. */
export function createTrainingJobKind(dependencies: TrainingJobKindDependencies): ResourceKind<TrainingJobBody> {
  return createJobKind(dependencies, defineTrainingJobs(dependencies));
}

function uriOf({ AlgorithmSpecification }: TrainingJobBody): string {
  return AlgorithmSpecification?.TrainingImage ?? "";
}

const SECONDARY_STATUS = { staging: "Downloading", running: "Training", uploading: "Uploading" } as const;

function defineTrainingJobs(dependencies: TrainingJobKindDependencies): JobDefinition<TrainingJobBody> {
  const { objects, images = builtInTrainingImages } = dependencies;
  const imageOf = (body: TrainingJobBody) => images.find(uriOf(body), { bringsProgram: bringsProgram(body) });

  async function findProblem(job: TrainingJob): Promise<string | undefined> {
    if (imageOf(job.body) === undefined) {
      const known = images.known.join(", ");
      return `ClientError: The training image ${uriOf(job.body)} cannot be run here. Known are the images ${known}, from any registry.`;
    }
    return await findOutputProblem(objects, job, job.body.OutputDataConfig?.S3OutputPath ?? "");
  }

  async function stage({ body, accountId }: TrainingJob, { directory, signal }: JobPlace): Promise<void> {
    const { HyperParameters = {}, ResourceConfig, CheckpointConfig, InputDataConfig = [] } = body;
    const channels = InputDataConfig.map(toInputChannel);
    const instanceType = ResourceConfig?.InstanceType ?? "local";
    const configuration = { hyperparameters: HyperParameters, channels, instanceType, checkpoint: CheckpointConfig };
    await writeConfiguration(directory, configuration);
    const code = imageOf(body)?.script === undefined ? undefined : codeUri(HyperParameters);
    if (code !== undefined) await unpackCode({ objects, accountId, s3Uri: code, directory, signal });
    await stageChannels({ objects, accountId, channels, directory, signal });
  }

  /** Packs the model, unless the job has failed, and what else the program wrote. */
  async function upload(job: TrainingJob, place: JobPlace): Promise<TrainingJobBody> {
    const outputPath = job.body.OutputDataConfig?.S3OutputPath ?? "";
    const options: CollectOptions = { objects, accountId: job.accountId, outputPath, jobName: job.name, ...place };
    return await uploadTo(outputUri(outputPath, job.name, ""), async () => {
      await collectOutput(options);
      if (job.body.run.outcome?.result === "Failed") return job.body;
      return { ...job.body, ModelArtifacts: { S3ModelArtifacts: await collectModel(options) } };
    });
  }

  return {
    type: TRAINING_JOB,
    word: WORD,
    logGroup: NAMESPACE,
    findProblem,
    startedAt: ({ TrainingStartTime }) => TrainingStartTime,
    enter: (body, phase, at) => ({
      ...enter(body, SECONDARY_STATUS[phase], at),
      ...(phase === "staging" ? { TrainingStartTime: at.toISOString() } : {}),
    }),
    stage,
    execution({ body, name, arn }) {
      const { command, script } = imageOf(body) ?? { command: [] };
      const environment = { TRAINING_JOB_NAME: name, TRAINING_JOB_ARN: arn, ...script?.environment };
      if (script === undefined) return { command, environment };
      const program = containerProgram(body.AlgorithmSpecification);
      const own = program.length === 0 ? command : script.command(program);
      return { command: own, environment, mountPath: CONTAINER_DIRECTORY };
    },
    metrics: trainingMetrics,
    readReport: async (directory) => ({ failure: await readFailure(directory) }),
    upload,
    finish,
  };
}

const trainingMetrics: JobMetrics<TrainingJobBody> = {
  definitions: ({ AlgorithmSpecification }) =>
    (AlgorithmSpecification?.MetricDefinitions ?? []).map(({ Name = "", Regex = "" }) => ({
      name: Name,
      regex: Regex,
    })),
  dimensions: ({ name }) => ({ TrainingJobName: name }),
  note(body, values) {
    const noted = new Map((body.FinalMetricDataList ?? []).map((metric) => [metric.MetricName ?? "", metric]));
    for (const [MetricName, { value, at }] of values) {
      noted.set(MetricName, { MetricName, Value: value, Timestamp: at.toISOString() });
    }
    return { ...body, FinalMetricDataList: [...noted.values()] };
  },
};

function finish(job: TrainingJobBody, { result, failureReason }: JobOutcome, now: Date): TrainingJobBody {
  const { TrainingStartTime: started } = job;
  const seconds = started === undefined ? 0 : Math.max(1, Math.ceil((now.getTime() - Date.parse(started)) / 1000));
  const times =
    started === undefined
      ? {}
      : { TrainingEndTime: now.toISOString(), TrainingTimeInSeconds: seconds, BillableTimeInSeconds: seconds };
  const reason = failureReason === undefined ? {} : { FailureReason: failureReason };
  return { ...enter(job, result, now), ...times, ...reason };
}
