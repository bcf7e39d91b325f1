import { randomUUID } from "node:crypto";
import {
  CreatePipelineCommand,
  DeletePipelineCommand,
  DescribePipelineCommand,
  type DescribePipelineResponse,
  StartPipelineExecutionCommand,
  UpdatePipelineCommand,
} from "@aws-sdk/client-sagemaker";
import { isAlreadyExisting } from "../errors.ts";
import { Session } from "../session.ts";
import type { PipelineParameter } from "./parameter.ts";
import { PipelineExecution } from "./pipeline-execution.ts";
import type { Step } from "./step.ts";

export interface PipelineOptions {
  readonly name: string;
  readonly parameters?: readonly PipelineParameter<string | number | boolean>[];
  readonly steps?: readonly Step[];
  readonly session?: Session;
}

export interface StartPipelineOptions {
  /** Name → value; what is left out has its default. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly displayName?: string;
  /** Steps that may run at the same time. Default: no limit of its own. */
  readonly maxParallelSteps?: number;
  /** Of 32 to 128 characters. Starting twice with the same token starts once: derive it from what the execution is for. Default: a random one. */
  readonly clientRequestToken?: string;
  readonly signal?: AbortSignal;
}

/**
 * A SageMaker pipeline: steps that run as soon as what they use is there.
 *
 * @example
 * ```ts
 * import { conditionGreaterThanOrEqualTo, ConditionStep, FailStep, ParameterFloat, Pipeline } from "@rondo/sdk";
 * const threshold = new ParameterFloat({ name: "Threshold", defaultValue: 0.8 });
 * const refuse = new FailStep({ name: "Refuse", errorMessage: "The threshold is out of reach." });
 * const check = new ConditionStep({
 *   name: "Check",
 *   conditions: [conditionGreaterThanOrEqualTo(threshold, 1)],
 *   ifSteps: [refuse],
 * });
 * const pipeline = new Pipeline({ name: "checks", parameters: [threshold], steps: [check] });
 * await pipeline.upsert("SageMakerRole");
 * const execution = await pipeline.start({ parameters: { Threshold: 0.9 } });
 * await execution.wait();
 * console.log(await execution.steps());
 * ```
 */
export class Pipeline {
  readonly name: string;
  readonly session: Session;
  readonly #parameters: readonly PipelineParameter<string | number | boolean>[];
  readonly #steps: readonly Step[];

  constructor({ name, parameters = [], steps = [], session = new Session() }: PipelineOptions) {
    this.name = name;
    this.session = session;
    this.#parameters = parameters;
    this.#steps = steps;
  }

  /** The definition as JSON, schema version 2020-12-01. https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/ */
  definition(): string {
    return JSON.stringify({
      Version: "2020-12-01",
      Metadata: {},
      Parameters: this.#parameters.map((parameter) => parameter.definition()),
      Steps: this.#steps.map((step) => step.definition()),
    });
  }

  /**
   * Creates the pipeline, or gives one that exists this definition. Returns its ARN.
   * @param role Name or ARN of the execution role.
   */
  async upsert(role: string, options: { readonly signal?: AbortSignal } = {}): Promise<string> {
    const { sagemaker } = this.session;
    const request = {
      PipelineName: this.name,
      PipelineDefinition: this.definition(),
      RoleArn: await this.session.roleArn(role),
    };
    const sending = { abortSignal: options.signal };
    try {
      const create = new CreatePipelineCommand({ ...request, ClientRequestToken: randomUUID() });
      return (await sagemaker.send(create, sending)).PipelineArn ?? "";
    } catch (error) {
      if (!isAlreadyExisting(error)) throw error;
      return (await sagemaker.send(new UpdatePipelineCommand(request), sending)).PipelineArn ?? "";
    }
  }

  /** Starts an execution with the definition that the service has. */
  async start(options: StartPipelineOptions = {}): Promise<PipelineExecution> {
    const { parameters = {}, displayName, maxParallelSteps, clientRequestToken = randomUUID(), signal } = options;
    const command = new StartPipelineExecutionCommand({
      PipelineName: this.name,
      PipelineParameters: Object.entries(parameters).map(([Name, value]) => ({ Name, Value: String(value) })),
      ClientRequestToken: clientRequestToken,
      ...(displayName !== undefined && { PipelineExecutionDisplayName: displayName }),
      ...(maxParallelSteps !== undefined && {
        ParallelismConfiguration: { MaxParallelExecutionSteps: maxParallelSteps },
      }),
    });
    const { PipelineExecutionArn = "" } = await this.session.sagemaker.send(command, { abortSignal: signal });
    return new PipelineExecution(PipelineExecutionArn, this.session);
  }

  describe(signal?: AbortSignal): Promise<DescribePipelineResponse> {
    return this.session.sagemaker.send(new DescribePipelineCommand({ PipelineName: this.name }), {
      abortSignal: signal,
    });
  }

  /** Deletes the pipeline and its executions, none of which may run: stop them before. */
  async delete(signal?: AbortSignal): Promise<void> {
    const command = new DeletePipelineCommand({ PipelineName: this.name, ClientRequestToken: randomUUID() });
    await this.session.sagemaker.send(command, { abortSignal: signal });
  }
}
