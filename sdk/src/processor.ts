import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import {
  CreateProcessingJobCommand,
  type CreateProcessingJobRequest,
  type ProcessingInput as ProcessingInputRequest,
  type ProcessingInstanceType,
  type ProcessingOutput as ProcessingOutputRequest,
  type Tag,
} from "@aws-sdk/client-sagemaker";
import { ExecutionVariables } from "./pipeline/execution-variables.ts";
import { type Expressible, Expression, requirePlain, type Value } from "./pipeline/expression.ts";
import { join } from "./pipeline/functions.ts";
import { ProcessingJob, type ProcessingJobWaitOptions } from "./processing-job.ts";
import { baseNameOfImage, nameFromBase } from "./resource-name.ts";
import { Session } from "./session.ts";

export interface ProcessorOptions {
  /** The image whose program processes; a script image for `code`. */
  readonly imageUri: Value<string>;
  /** Execution role: an ARN, or the name of a role of this account. */
  readonly role: string;
  /** What runs the script of `code`: `["python3"]`, `["node"]`. */
  readonly command?: readonly string[];
  readonly session?: Session;
  /** Default `ml.m5.large`. */
  readonly instanceType?: Value<ProcessingInstanceType>;
  /** Default 1. */
  readonly instanceCount?: Value<number>;
  /** GiB. Default 30. */
  readonly volumeSizeInGB?: Value<number>;
  /** Default 24 hours. */
  readonly maxRuntimeInSeconds?: Value<number>;
  readonly environment?: Readonly<Record<string, Value<string>>>;
  /** First part of generated job names. Default: the image's repository. */
  readonly baseJobName?: string;
  readonly tags?: readonly Tag[];
}

/** What is copied from S3 before the program starts. */
export interface ProcessingInput {
  readonly name: string;
  readonly source: Value<string>;
  /** Below `/opt/ml/processing/`. */
  readonly destination: string;
}

/** What is copied to S3 after the program has ended. */
export interface ProcessingOutput {
  readonly name: string;
  /** Below `/opt/ml/processing/`. */
  readonly source: string;
  /** S3 URI. Default: `<default bucket>/<job name>/output/<name>`; in a pipeline `<default bucket>/<base job name>/<execution id>/output/<name>`. */
  readonly destination?: Value<string>;
}

export interface ProcessingRequestOptions {
  /** A script on this machine, which is uploaded, or the S3 URI of one. Without it the image's own program runs. */
  readonly code?: string;
  readonly inputs?: readonly ProcessingInput[];
  readonly outputs?: readonly ProcessingOutput[];
  readonly arguments?: readonly Value<string>[];
  readonly signal?: AbortSignal;
}

export interface RunOptions extends ProcessingRequestOptions, ProcessingJobWaitOptions {
  /** Default: generated from the base name and the time. */
  readonly jobName?: string;
  /** Wait until the job has completed. Default true. */
  readonly wait?: boolean;
}

type ProcessingRequest = Omit<CreateProcessingJobRequest, "ProcessingJobName">;

/** Where SageMaker's own SDKs put a script. */
const CODE_DIRECTORY = "/opt/ml/processing/input/code";

/**
 * Runs processing jobs: a container's own program, or a script in an image that has an interpreter.
 *
 * @example
 * ```ts
 * import { Processor } from "@rondo/sdk";
 * const processor = new Processor({ imageUri: "node:24", command: ["node"], role: "SageMakerRole" });
 * await processor.run({
 *   code: "count-words.ts",
 *   inputs: [{ name: "texts", source: "s3://my-bucket/texts", destination: "/opt/ml/processing/texts" }],
 *   outputs: [{ name: "counts", source: "/opt/ml/processing/counts" }],
 *   logs: true,
 * });
 * ```
 */
export class Processor {
  readonly options: ProcessorOptions;
  readonly session: Session;

  constructor(options: ProcessorOptions) {
    this.options = options;
    this.session = options.session ?? new Session();
  }

  /**
   * Starts a processing job and, unless `wait` is false, waits until it has completed.
   * @throws UnexpectedStatusError when the job fails or is stopped; what AWS answers when the request is refused.
   */
  async run(options: RunOptions = {}): Promise<ProcessingJob> {
    const jobName = options.jobName ?? nameFromBase(this.#baseName(), this.session.clock.now());
    const request = requirePlain<ProcessingRequest>(await this.#request(options, jobName));
    const command = new CreateProcessingJobCommand({ ProcessingJobName: jobName, ...request });
    await this.session.sagemaker.send(command, { abortSignal: options.signal });
    const job = new ProcessingJob(jobName, this.session);
    if (options.wait !== false) await job.wait(options);
    return job;
  }

  /**
   * The request of such a job: what a `ProcessingStep` takes as its arguments. A script is uploaded under its content's hash, so that the
   * same script is the same URI and a step's cache finds it.
   */
  async request(options: ProcessingRequestOptions = {}): Promise<Expressible<ProcessingRequest>> {
    return await this.#request(options, join("/", [this.#baseName(), ExecutionVariables.pipelineExecutionId]));
  }

  /** @param run What no other run has: where its outputs go, so that they do not mix with another's. */
  async #request(options: ProcessingRequestOptions, run: Value<string>): Promise<Expressible<ProcessingRequest>> {
    const { imageUri, role, command, environment, maxRuntimeInSeconds, tags } = this.options;
    const { code, inputs = [], outputs = [], arguments: given } = options;
    const script = code === undefined ? undefined : await this.#uploadCode(code, options.signal);
    const scriptInput = { name: "code", source: script ?? "", destination: CODE_DIRECTORY };
    const written = await Promise.all(outputs.map((output) => this.#toOutput(output, run)));
    return {
      AppSpecification: {
        ImageUri: imageUri,
        ...(script !== undefined && {
          ContainerEntrypoint: [...(command ?? []), `${CODE_DIRECTORY}/${basename(script)}`],
        }),
        ...(given !== undefined && { ContainerArguments: given }),
      },
      RoleArn: await this.session.roleArn(role),
      ProcessingResources: { ClusterConfig: this.#cluster() },
      ProcessingInputs: (script === undefined ? inputs : [...inputs, scriptInput]).map(toInput),
      ...(written.length > 0 && { ProcessingOutputConfig: { Outputs: written } }),
      StoppingCondition: { MaxRuntimeInSeconds: maxRuntimeInSeconds ?? 86_400 },
      ...(environment !== undefined && { Environment: environment }),
      ...(tags !== undefined && { Tags: tags }),
    };
  }

  #cluster() {
    const { instanceType, instanceCount, volumeSizeInGB } = this.options;
    return {
      InstanceType: instanceType ?? "ml.m5.large",
      InstanceCount: instanceCount ?? 1,
      VolumeSizeInGB: volumeSizeInGB ?? 30,
    };
  }

  #baseName(): string {
    const { baseJobName, imageUri } = this.options;
    if (baseJobName !== undefined) return baseJobName;
    return imageUri instanceof Expression ? "processing" : baseNameOfImage(imageUri);
  }

  async #uploadCode(code: string, signal: AbortSignal | undefined): Promise<string> {
    if (code.startsWith("s3://")) return code;
    const text = await readFile(code, "utf8");
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const uri = `s3://${await this.session.defaultBucket()}/${this.#baseName()}/code/${hash}/${basename(code)}`;
    await this.session.uploadString(text, uri, { signal });
    return uri;
  }

  async #toOutput(
    { name, source, destination }: ProcessingOutput,
    run: Value<string>,
  ): Promise<Expressible<ProcessingOutputRequest>> {
    const uri = destination ?? (await this.#defaultDestination(name, run));
    return { OutputName: name, S3Output: { S3Uri: uri, LocalPath: source, S3UploadMode: "EndOfJob" } };
  }

  async #defaultDestination(name: string, run: Value<string>): Promise<Value<string>> {
    const bucket = `s3://${await this.session.defaultBucket()}`;
    return run instanceof Expression ? join("/", [bucket, run, "output", name]) : `${bucket}/${run}/output/${name}`;
  }
}

function toInput({ name, source, destination }: ProcessingInput): Expressible<ProcessingInputRequest> {
  return {
    InputName: name,
    S3Input: {
      S3Uri: source,
      LocalPath: destination,
      S3DataType: "S3Prefix",
      S3InputMode: "File",
      S3DataDistributionType: "FullyReplicated",
      S3CompressionType: "None",
    },
  };
}
