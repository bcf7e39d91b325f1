import { CreateModelCommand, DeleteModelCommand, type ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { Endpoint, type EndpointWaitOptions } from "./endpoint.ts";
import { isAlreadyExisting } from "./errors.ts";
import { Predictor, type PredictorCodec } from "./predictor.ts";
import { baseNameOfImage, nameFromBase } from "./resource-name.ts";
import { Session } from "./session.ts";

export interface ModelOptions {
  /** The serving image. */
  readonly imageUri: string;
  /** S3 URI of a `model.tar.gz`. Without it the image brings its own. */
  readonly modelData?: string;
  /** Execution role: an ARN, or the name of a role of this account. */
  readonly role: string;
  readonly session?: Session;
  /** Default: generated from the image's repository and the time. */
  readonly name?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface DeployOptions<Input = unknown, Output = unknown>
  extends EndpointWaitOptions,
    Partial<PredictorCodec<Input, Output>> {
  /** Default: the model's name. */
  readonly endpointName?: string;
  /** Default `AllTraffic`. */
  readonly variantName?: string;
  /** Default `ml.m5.large`. */
  readonly instanceType?: ProductionVariantInstanceType;
  /** Default 1. */
  readonly initialInstanceCount?: number;
  /** Wait until the endpoint is in service. Default true. */
  readonly wait?: boolean;
  /**
   * Take a model, endpoint configuration or endpoint that has the name already as it is, instead of failing: for programs that go on after
   * an interruption and derive names from content, so that the same name means the same thing.
   */
  readonly reuseExisting?: boolean;
}

/** A model artifact with the image that serves it. */
export class Model {
  readonly options: ModelOptions;
  readonly session: Session;
  readonly name: string;

  constructor(options: ModelOptions) {
    this.options = options;
    this.session = options.session ?? new Session();
    this.name = options.name ?? nameFromBase(baseNameOfImage(options.imageUri), this.session.clock.now());
  }

  /** Creates the model at AWS. */
  async create(options: { readonly reuseExisting?: boolean; readonly signal?: AbortSignal } = {}): Promise<void> {
    const { imageUri, modelData, environment, role } = this.options;
    const command = new CreateModelCommand({
      ModelName: this.name,
      ExecutionRoleArn: await this.session.roleArn(role),
      PrimaryContainer: {
        Image: imageUri,
        ...(modelData !== undefined && { ModelDataUrl: modelData }),
        ...(environment !== undefined && { Environment: { ...environment } }),
      },
    });
    try {
      await this.session.sagemaker.send(command, { abortSignal: options.signal });
    } catch (error) {
      if (options.reuseExisting !== true || !isAlreadyExisting(error)) throw error;
    }
  }

  /**
   * Creates the model, an endpoint configuration and an endpoint, and waits until it is in service.
   * To move an endpoint that exists to this model: `create()` it, then `endpoint.update()`.
   * @throws UnexpectedStatusError with the FailureReason when the endpoint fails.
   */
  async deploy<Input = unknown, Output = unknown>(
    options: DeployOptions<Input, Output> = {},
  ): Promise<Predictor<Input, Output>> {
    const endpoint = new Endpoint(options.endpointName ?? this.name, this.session);
    await this.create(options);
    await endpoint.create({
      configName: this.name,
      variants: [
        {
          modelName: this.name,
          ...(options.variantName !== undefined && { variantName: options.variantName }),
          ...(options.instanceType !== undefined && { instanceType: options.instanceType }),
          ...(options.initialInstanceCount !== undefined && { initialInstanceCount: options.initialInstanceCount }),
        },
      ],
      ...(options.reuseExisting !== undefined && { reuseExisting: options.reuseExisting }),
      ...(options.signal !== undefined && { signal: options.signal }),
    });
    if (options.wait !== false) await endpoint.wait(options);
    return new Predictor({ ...options, endpoint });
  }

  /** Deletes the model at AWS; its artifact stays in S3. */
  async delete(): Promise<void> {
    await this.session.sagemaker.send(new DeleteModelCommand({ ModelName: this.name }));
  }
}
