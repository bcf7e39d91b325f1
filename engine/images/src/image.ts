/**
 * A built-in image: SageMaker's container contract over an algorithm of `learn`. Training runs as a process of its own
 * (`node engine/images/src/container.ts <repository> train`), serving in the server's process (`load`) or as a
 * container (`serve`).
 */
export interface BuiltInImage {
  /**
   * The repository and tags by which an image URI is recognised, whatever its account and region: `blazingtext`, [`1`,
   * `latest`].
   */
  readonly repository: string;
  readonly tags: readonly string[];
  readonly hyperparameters: readonly HyperparameterDefinition[];
  /** What the image logs, so that DescribeTrainingJob shows FinalMetricDataList without definitions of the user's. */
  readonly metrics: readonly { readonly name: string; readonly regex: string }[];
  readonly channels: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly contentTypes: readonly string[];
  }[];
  /**
   * The program of `train`: reads `<directory>/input`, writes `<directory>/model`; throws ClientError with the text for
   * `output/failure` where the user can put it right.
   */
  train(context: TrainingContext): Promise<void>;
  /** Loads an unpacked model.tar.gz for serving. Throws ClientError when it is none of this image's. */
  load(modelDirectory: string, environment?: ServingEnvironment): Promise<LoadedModel>;
}

/** The environment variables of a container that serves. */
export type ServingEnvironment = Readonly<Record<string, string | undefined>>;

export interface TrainingContext {
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Aborted by SIGTERM: save what there is and return. */
  readonly signal: AbortSignal;
  readonly clock: { now(): Date };
  /** One line of the container's log. */
  log(line: string): void;
  readonly threads: number;
}

export interface HyperparameterDefinition {
  readonly name: string;
  readonly type: "integer" | "continuous" | "categorical" | "text";
  readonly required: boolean;
  readonly default?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The ends of the range are not part of it: (0, 1]. */
  readonly exclusiveMinimum?: boolean;
  /** All values of a categorical one; of a number those that it may have besides numbers: `auto`. */
  readonly values?: readonly string[];
  readonly tunable: boolean;
  readonly description: string;
}

/** A model in memory. */
export interface LoadedModel {
  /** True where a small request may take long as well, so that only `invokeInSlices` is to be called. */
  readonly isSlow?: boolean;
  /** Takes well below a millisecond for a small request, so that it runs on the event loop. */
  invoke(request: InvocationRequest): InvocationResponse;
  /** The same answer, for large requests: lets others have the event loop every few milliseconds. */
  invokeInSlices(request: InvocationRequest): Promise<InvocationResponse>;
  /** Bytes held, roughly. */
  readonly sizeBytes: number;
  close(): void;
}

export interface InvocationRequest {
  readonly body: Buffer;
  readonly contentType: string;
  readonly accept: string;
}

export interface InvocationResponse {
  /** The container's HTTP status; other than 2xx becomes ModelError 424. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}
