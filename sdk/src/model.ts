import { CreateModelCommand, DeleteModelCommand } from "@aws-sdk/client-sagemaker";
import { type DeployOptions, deployModel } from "./deploy-model.ts";
import { isAlreadyExisting } from "./errors.ts";
import type { Predictor } from "./predictor.ts";
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
    await this.create(options);
    return deployModel(this.name, this.session, options);
  }

  /** Deletes the model at AWS; its artifact stays in S3. */
  async delete(): Promise<void> {
    await this.session.sagemaker.send(new DeleteModelCommand({ ModelName: this.name }));
  }
}
