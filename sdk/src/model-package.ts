import {
  CreateModelCommand,
  DescribeModelPackageCommand,
  type DescribeModelPackageOutput,
  type ModelApprovalStatus,
  UpdateModelPackageCommand,
} from "@aws-sdk/client-sagemaker";
import { type DeployOptions, deployModel } from "./deploy-model.ts";
import { isAlreadyExisting } from "./errors.ts";
import type { Predictor } from "./predictor.ts";
import { nameFromBase } from "./resource-name.ts";
import type { Session } from "./session.ts";

/** A version of the model registry: `arn:aws:sagemaker:…:model-package/<group>/<version>`. */
export class ModelPackage {
  readonly arn: string;
  readonly session: Session;

  constructor(arn: string, session: Session) {
    this.arn = arn;
    this.session = session;
  }

  describe(signal?: AbortSignal): Promise<DescribeModelPackageOutput> {
    const command = new DescribeModelPackageCommand({ ModelPackageName: this.arn });
    return this.session.sagemaker.send(command, { abortSignal: signal });
  }

  /** Says whether the version may be deployed, and why. */
  async setApproval(
    status: ModelApprovalStatus,
    options: { readonly description?: string; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const command = new UpdateModelPackageCommand({
      ModelPackageArn: this.arn,
      ModelApprovalStatus: status,
      ...(options.description !== undefined && { ApprovalDescription: options.description }),
    });
    await this.session.sagemaker.send(command, { abortSignal: options.signal });
  }

  /**
   * Creates a model of the version and returns its name.
   * @param options `role` is a name or an ARN; `name` is by default made of group, version and time; `reuseExisting` takes a model of that
   * name as it is.
   */
  async createModel(options: {
    readonly role: string;
    readonly name?: string;
    readonly reuseExisting?: boolean;
    readonly signal?: AbortSignal;
  }): Promise<string> {
    const name = options.name ?? nameFromBase(this.#baseName(), this.session.clock.now());
    const command = new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: await this.session.roleArn(options.role),
      PrimaryContainer: { ModelPackageName: this.arn },
    });
    try {
      await this.session.sagemaker.send(command, { abortSignal: options.signal });
    } catch (error) {
      if (options.reuseExisting !== true || !isAlreadyExisting(error)) throw error;
    }
    return name;
  }

  /**
   * Creates a model of the version and an endpoint that serves it; resolves once it is in service.
   * @throws UnexpectedStatusError with the FailureReason when the endpoint fails.
   */
  async deploy<Input = unknown, Output = unknown>(
    options: DeployOptions<Input, Output> & { readonly role: string; readonly modelName?: string },
  ): Promise<Predictor<Input, Output>> {
    const { role, modelName, reuseExisting, signal } = options;
    const name = await this.createModel({ role, name: modelName, reuseExisting, signal });
    return deployModel(name, this.session, options);
  }

  /** `…:model-package/reviews/3` → `reviews-3`. */
  #baseName(): string {
    return this.arn.split("/").slice(1).join("-");
  }
}
