import {
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  type DescribeTrainingJobResponse,
  type MetricDefinition,
  type Tag,
  type TrainingInstanceType,
} from "@aws-sdk/client-sagemaker";
import type { DeployOptions } from "./deploy-model.ts";
import { Model } from "./model.ts";
import { type Expressible, Expression, requirePlain, type Value } from "./pipeline/expression.ts";
import { join } from "./pipeline/functions.ts";
import type { Predictor } from "./predictor.ts";
import { baseNameOfImage, nameFromBase } from "./resource-name.ts";
import { formatS3Uri } from "./s3-uri.ts";
import { Session } from "./session.ts";
import { type TrainingInputs, toChannels } from "./training-input.ts";
import { TrainingJob, type TrainingJobWaitOptions } from "./training-job.ts";

export interface EstimatorOptions {
  /** The training image: `imageUri("blazingtext", region)`, or your own. It also serves unless `createModel` is told otherwise. */
  readonly imageUri: Value<string>;
  /** Execution role: an ARN, or the name of a role of this account. */
  readonly role: string;
  readonly session?: Session;
  /** Default `ml.m5.large`. */
  readonly instanceType?: Value<TrainingInstanceType>;
  /** Default 1. */
  readonly instanceCount?: Value<number>;
  /** GiB. Default 30. */
  readonly volumeSizeInGB?: Value<number>;
  /** Default 24 hours. */
  readonly maxRuntimeInSeconds?: Value<number>;
  /** Numbers and booleans become strings, as SageMaker carries them (booleans as Python writes them: `True`, `False`). */
  readonly hyperparameters?: Readonly<Record<string, Value<string | number | boolean>>>;
  readonly metricDefinitions?: readonly MetricDefinition[];
  /** S3 URI under which artifacts appear as `<job>/output/model.tar.gz`. Default: the session's default bucket. */
  readonly outputPath?: Value<string>;
  /** First part of generated job names. Default: the image's repository. */
  readonly baseJobName?: string;
  readonly environment?: Readonly<Record<string, Value<string>>>;
  readonly tags?: readonly Tag[];
}

export interface FitOptions extends TrainingJobWaitOptions {
  /** Default: generated from the base name and the time. */
  readonly jobName?: string;
  /** Wait until the job has completed. Default true. */
  readonly wait?: boolean;
}

type TrainingRequest = Omit<CreateTrainingJobRequest, "TrainingJobName">;

function hyperparameterText(value: Value<string | number | boolean>): Value<string> {
  // A number among a pipeline's parameters becomes text too.
  if (value instanceof Expression) return join("", [value]);
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

/**
 * Trains with a container image and deploys what came out.
 *
 * @example
 * ```ts
 * import { Estimator, imageUri, Session } from "@rondo/sdk";
 * const session = new Session();
 * const estimator = new Estimator({
 *   imageUri: imageUri("blazingtext", await session.region()),
 *   role: "SageMakerRole",
 *   session,
 *   hyperparameters: { mode: "supervised", epochs: 10 },
 * });
 * await estimator.fit({ train: "s3://my-bucket/reviews/train" }, { logs: true });
 * const predictor = await estimator.deploy({ endpointName: "reviews" });
 * console.log(await predictor.predict({ instances: ["easy to use , long battery life"] }));
 * await predictor.delete();
 * ```
 */
export class Estimator {
  readonly options: EstimatorOptions;
  readonly session: Session;
  #latestTrainingJob: TrainingJob | undefined;

  constructor(options: EstimatorOptions) {
    this.options = options;
    this.session = options.session ?? new Session();
  }

  /**
   * Takes up a job that exists, running or ended, in this process or another: `wait`, `createModel` and `deploy` go on with it.
   * The estimator has the job's image, role, hyperparameters and resources, so that `fit` trains alike.
   */
  static async attach(jobName: string, options: { readonly session?: Session } = {}): Promise<Estimator> {
    const session = options.session ?? new Session();
    const job = new TrainingJob(jobName, session);
    const estimator = new Estimator({ ...optionsOfJob(await job.describe()), session });
    estimator.#latestTrainingJob = job;
    return estimator;
  }

  /** The job of the last `fit` or of `attach`. */
  get latestTrainingJob(): TrainingJob {
    if (this.#latestTrainingJob === undefined)
      throw new Error("This estimator has no training job yet: call fit() first.");
    return this.#latestTrainingJob;
  }

  /**
   * Starts a training job and, unless `wait` is false, waits until it has completed.
   * @throws UnexpectedStatusError when the job fails or is stopped; what AWS answers when the request is refused.
   */
  async fit(inputs: TrainingInputs, options: FitOptions = {}): Promise<TrainingJob> {
    const jobName = options.jobName ?? nameFromBase(this.#baseName(), this.session.clock.now());
    const request = requirePlain<TrainingRequest>(await this.request(inputs));
    const command = new CreateTrainingJobCommand({ TrainingJobName: jobName, ...request });
    await this.session.sagemaker.send(command, { abortSignal: options.signal });
    this.#latestTrainingJob = new TrainingJob(jobName, this.session);
    if (options.wait !== false) await this.wait(options);
    return this.#latestTrainingJob;
  }

  /** Waits until the latest job has completed. */
  async wait(options: TrainingJobWaitOptions = {}): Promise<DescribeTrainingJobResponse> {
    return this.latestTrainingJob.wait(options);
  }

  /** The latest job's artifact, a model not yet created at AWS. */
  async createModel(options: { readonly imageUri?: string; readonly name?: string } = {}): Promise<Model> {
    const { ModelArtifacts: artifacts } = await this.latestTrainingJob.describe();
    if (artifacts?.S3ModelArtifacts === undefined) {
      throw new Error(`The training job ${this.latestTrainingJob.name} has no model artifacts yet: wait for it first.`);
    }
    return new Model({
      imageUri: options.imageUri ?? requirePlain<string>(this.options.imageUri),
      role: this.options.role,
      modelData: artifacts.S3ModelArtifacts,
      session: this.session,
      name: options.name ?? this.latestTrainingJob.name,
    });
  }

  /** Creates a model, named after the job, and an endpoint that serves it; resolves once it is in service. */
  async deploy<Input = unknown, Output = unknown>(
    options: DeployOptions<Input, Output> = {},
  ): Promise<Predictor<Input, Output>> {
    const model = await this.createModel();
    return model.deploy(options);
  }

  /** The request of such a job: what a `TrainingStep` takes as its arguments. */
  async request(inputs: TrainingInputs): Promise<Expressible<TrainingRequest>> {
    const { options, session } = this;
    const hyperparameters = Object.entries(options.hyperparameters ?? {});
    return {
      RoleArn: await session.roleArn(options.role),
      AlgorithmSpecification: {
        TrainingImage: options.imageUri,
        TrainingInputMode: "File",
        ...(options.metricDefinitions !== undefined && { MetricDefinitions: [...options.metricDefinitions] }),
      },
      HyperParameters: Object.fromEntries(hyperparameters.map(([name, value]) => [name, hyperparameterText(value)])),
      InputDataConfig: toChannels(inputs),
      OutputDataConfig: {
        S3OutputPath: options.outputPath ?? formatS3Uri({ bucket: await session.defaultBucket(), key: "" }),
      },
      ResourceConfig: {
        InstanceType: options.instanceType ?? "ml.m5.large",
        InstanceCount: options.instanceCount ?? 1,
        VolumeSizeInGB: options.volumeSizeInGB ?? 30,
      },
      StoppingCondition: { MaxRuntimeInSeconds: options.maxRuntimeInSeconds ?? 86_400 },
      ...(options.environment !== undefined && { Environment: { ...options.environment } }),
      ...(options.tags !== undefined && { Tags: [...options.tags] }),
    };
  }

  #baseName(): string {
    const { baseJobName, imageUri } = this.options;
    if (baseJobName !== undefined) return baseJobName;
    return imageUri instanceof Expression ? "training" : baseNameOfImage(imageUri);
  }
}

function optionsOfJob(job: DescribeTrainingJobResponse): EstimatorOptions {
  const image = job.AlgorithmSpecification?.TrainingImage;
  if (image === undefined || job.RoleArn === undefined) {
    throw new Error(`The training job ${job.TrainingJobName} names no training image: an estimator cannot take it up.`);
  }
  return {
    imageUri: image,
    role: job.RoleArn,
    ...(job.ResourceConfig?.InstanceType !== undefined && { instanceType: job.ResourceConfig.InstanceType }),
    ...(job.ResourceConfig?.InstanceCount !== undefined && { instanceCount: job.ResourceConfig.InstanceCount }),
    ...(job.ResourceConfig?.VolumeSizeInGB !== undefined && { volumeSizeInGB: job.ResourceConfig.VolumeSizeInGB }),
    ...(job.StoppingCondition?.MaxRuntimeInSeconds !== undefined && {
      maxRuntimeInSeconds: job.StoppingCondition.MaxRuntimeInSeconds,
    }),
    ...(job.HyperParameters !== undefined && { hyperparameters: job.HyperParameters }),
    ...(job.AlgorithmSpecification?.MetricDefinitions !== undefined && {
      metricDefinitions: job.AlgorithmSpecification.MetricDefinitions,
    }),
    ...(job.OutputDataConfig?.S3OutputPath !== undefined && { outputPath: job.OutputDataConfig.S3OutputPath }),
    ...(job.Environment !== undefined && { environment: job.Environment }),
  };
}
