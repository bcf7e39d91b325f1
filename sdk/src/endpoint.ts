import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  type DeploymentConfig,
  DescribeEndpointCommand,
  type DescribeEndpointOutput,
  type EndpointStatus,
  type ProductionVariantInstanceType,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { isAlreadyExisting, isNotFound, UnexpectedStatusError } from "./errors.ts";
import { nameFromBase } from "./resource-name.ts";
import type { Session } from "./session.ts";
import { type WaitOptions, waitUntilSettled } from "./wait.ts";

/** A model behind an endpoint and its share of the traffic. */
export interface Variant {
  readonly modelName: string;
  /** Default `AllTraffic`. */
  readonly variantName?: string;
  /** Default `ml.m5.large`. */
  readonly instanceType?: ProductionVariantInstanceType;
  /** Default 1. */
  readonly initialInstanceCount?: number;
  /** Relative to the other variants' weights. Default 1. */
  readonly weight?: number;
}

export interface EndpointCreation {
  readonly variants: readonly Variant[];
  /** Default: generated from the endpoint's name and the time. */
  readonly configName?: string;
  /** Take a configuration or endpoint that has the name already as it is, instead of failing. */
  readonly reuseExisting?: boolean;
  readonly signal?: AbortSignal;
}

export type EndpointWaitOptions = WaitOptions<DescribeEndpointOutput>;

export interface EndpointUpdateOptions extends EndpointWaitOptions {
  /** How traffic moves: in steps, and back by itself when an alarm goes off. Default: all at once. */
  readonly deploymentConfig?: DeploymentConfig;
}

const CHANGING: readonly (EndpointStatus | undefined)[] = [
  "Creating",
  "Updating",
  "SystemUpdating",
  "RollingBack",
  "Deleting",
];

/** A real-time endpoint by its name, existing or to be created. */
export class Endpoint {
  readonly name: string;
  readonly session: Session;

  constructor(name: string, session: Session) {
    this.name = name;
    this.session = session;
  }

  describe(signal?: AbortSignal): Promise<DescribeEndpointOutput> {
    return this.session.sagemaker.send(new DescribeEndpointCommand({ EndpointName: this.name }), {
      abortSignal: signal,
    });
  }

  /** The description, or undefined when there is no such endpoint. */
  async find(signal?: AbortSignal): Promise<DescribeEndpointOutput | undefined> {
    try {
      return await this.describe(signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Creates a configuration and the endpoint; returns at once, `wait` sees it in service. */
  async create(creation: EndpointCreation): Promise<void> {
    const configName = await this.#createConfig(creation);
    const command = new CreateEndpointCommand({ EndpointName: this.name, EndpointConfigName: configName });
    await acceptExisting(
      this.session.sagemaker.send(command, { abortSignal: creation.signal }),
      creation.reuseExisting,
    );
  }

  /**
   * Moves the endpoint to other variants, blue/green: a new configuration is created, the new fleet is loaded beside the old one, and
   * traffic moves when it answers. Resolves when that is done.
   *
   * @example
   * ```ts
   * import { Endpoint, Session } from "@rondo/sdk";
   * const endpoint = new Endpoint("sentiment", new Session());
   * await endpoint.update({ variants: [{ modelName: "sentiment-2" }] }, { timeoutMs: 600_000 });
   * ```
   */
  async update(creation: EndpointCreation, options: EndpointUpdateOptions = {}): Promise<DescribeEndpointOutput> {
    const configName = await this.#createConfig({
      ...creation,
      ...(options.signal !== undefined && { signal: options.signal }),
    });
    const command = new UpdateEndpointCommand({
      EndpointName: this.name,
      EndpointConfigName: configName,
      ...(options.deploymentConfig !== undefined && { DeploymentConfig: options.deploymentConfig }),
    });
    await this.session.sagemaker.send(command, { abortSignal: options.signal });
    const description = await this.wait(options);
    if (description.EndpointConfigName === configName) return description;
    throw new UnexpectedStatusError(`endpoint ${this.name}`, {
      status: "rolled back",
      failureReason: description.FailureReason,
      advice: `It still serves ${description.EndpointConfigName}. Its log is in CloudWatch Logs, group ${this.#logGroup()}.`,
    });
  }

  /**
   * Resolves when the endpoint is in service.
   * @throws UnexpectedStatusError with the FailureReason for any other state that lasts.
   */
  async wait(options: EndpointWaitOptions = {}): Promise<DescribeEndpointOutput> {
    const description = await waitUntilSettled(
      {
        resource: `endpoint ${this.name}`,
        describe: (signal) => this.describe(signal),
        isSettled: ({ EndpointStatus: status }) => !CHANGING.includes(status),
        clock: this.session.clock,
      },
      options,
    );
    const status = description.EndpointStatus ?? "in an unknown state";
    if (status === "InService") return description;
    throw new UnexpectedStatusError(`endpoint ${this.name}`, {
      status,
      failureReason: description.FailureReason,
      advice: `The containers' log is in CloudWatch Logs, group ${this.#logGroup()}. Delete the endpoint to use its name again.`,
    });
  }

  /** Deletes the endpoint and its configuration, and resolves when it is gone; models stay. */
  async delete(options: EndpointWaitOptions = {}): Promise<void> {
    const { EndpointConfigName: configName } = await this.describe(options.signal);
    await this.session.sagemaker.send(new DeleteEndpointCommand({ EndpointName: this.name }));
    await waitUntilSettled(
      {
        resource: `deletion of endpoint ${this.name}`,
        describe: async (signal) => ({ found: await this.find(signal) }),
        isSettled: ({ found }) => found === undefined,
        clock: this.session.clock,
      },
      { ...options, onProgress: ({ found }) => found && options.onProgress?.(found) },
    );
    // The description of an endpoint that never came up names none.
    if (configName === undefined) return;
    await this.session.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: configName }));
  }

  #logGroup(): string {
    return `/aws/sagemaker/Endpoints/${this.name}`;
  }

  async #createConfig(creation: EndpointCreation): Promise<string> {
    const configName = creation.configName ?? nameFromBase(this.name, this.session.clock.now());
    const command = new CreateEndpointConfigCommand({
      EndpointConfigName: configName,
      ProductionVariants: creation.variants.map((variant) => ({
        ModelName: variant.modelName,
        VariantName: variant.variantName ?? "AllTraffic",
        InstanceType: variant.instanceType ?? "ml.m5.large",
        InitialInstanceCount: variant.initialInstanceCount ?? 1,
        InitialVariantWeight: variant.weight ?? 1,
      })),
    });
    await acceptExisting(
      this.session.sagemaker.send(command, { abortSignal: creation.signal }),
      creation.reuseExisting,
    );
    return configName;
  }
}

async function acceptExisting(creation: Promise<unknown>, reuseExisting: boolean | undefined): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (reuseExisting !== true || !isAlreadyExisting(error)) throw error;
  }
}
