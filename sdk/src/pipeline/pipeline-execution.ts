import { randomUUID } from "node:crypto";
import {
  DescribePipelineExecutionCommand,
  type DescribePipelineExecutionResponse,
  type PipelineExecutionStep,
  paginateListPipelineExecutionSteps,
  RetryPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from "@aws-sdk/client-sagemaker";
import { UnexpectedStatusError } from "../errors.ts";
import type { Session } from "../session.ts";
import { type WaitOptions, waitUntilSettled } from "../wait.ts";

/** What `wait` saw at one look. */
export interface PipelineProgress {
  readonly execution: DescribePipelineExecutionResponse;
  /** In the order in which they started. */
  readonly steps: readonly PipelineExecutionStep[];
}

/** One run of a pipeline. */
export class PipelineExecution {
  readonly arn: string;
  readonly session: Session;

  constructor(arn: string, session: Session) {
    this.arn = arn;
    this.session = session;
  }

  /** The 12 characters at the end of the ARN. */
  get id(): string {
    return this.arn.slice(this.arn.lastIndexOf("/") + 1);
  }

  describe(signal?: AbortSignal): Promise<DescribePipelineExecutionResponse> {
    const command = new DescribePipelineExecutionCommand({ PipelineExecutionArn: this.arn });
    return this.session.sagemaker.send(command, { abortSignal: signal });
  }

  /** The steps that have started so far, in the order in which they did. */
  async steps(signal?: AbortSignal): Promise<PipelineExecutionStep[]> {
    const pages = paginateListPipelineExecutionSteps(
      { client: this.session.sagemaker },
      { PipelineExecutionArn: this.arn, SortOrder: "Ascending" },
      { abortSignal: signal },
    );
    const steps: PipelineExecutionStep[] = [];
    for await (const page of pages) steps.push(...(page.PipelineExecutionSteps ?? []));
    return steps;
  }

  /**
   * Resolves with the last look once the execution has succeeded.
   * @throws UnexpectedStatusError with the reasons of the steps that failed; WaitTimeoutError; AbortError.
   */
  async wait(options: WaitOptions<PipelineProgress> = {}): Promise<PipelineProgress> {
    const last = await waitUntilSettled(
      {
        resource: `pipeline execution ${this.arn}`,
        describe: async (signal) => {
          // First the execution: its end then means that the steps read after it have ended.
          const execution = await this.describe(signal);
          return { execution, steps: await this.steps(signal) };
        },
        isSettled: ({ execution: { PipelineExecutionStatus: status } }) =>
          status !== "Executing" && status !== "Stopping",
        clock: this.session.clock,
      },
      options,
    );
    const { PipelineExecutionStatus: status = "in an unknown state", FailureReason } = last.execution;
    if (status === "Succeeded") return last;
    const reasons = last.steps
      .filter(({ StepStatus }) => StepStatus === "Failed")
      .map(({ StepName, FailureReason: reason }) => `${StepName}: ${reason ?? "no reason given"}`);
    throw new UnexpectedStatusError(`pipeline execution ${this.arn}`, {
      status,
      failureReason: reasons.length > 0 ? reasons.join("; ") : FailureReason,
      advice: "Once the cause is mended, retry() goes on from the steps that failed.",
    });
  }

  /** Asks the execution to stop and returns at once. Steps that run are stopped. */
  async stop(signal?: AbortSignal): Promise<void> {
    const command = new StopPipelineExecutionCommand({
      PipelineExecutionArn: this.arn,
      ClientRequestToken: randomUUID(),
    });
    await this.session.sagemaker.send(command, { abortSignal: signal });
  }

  /** Goes on from the steps that failed or were stopped; those that succeeded are not repeated. */
  async retry(signal?: AbortSignal): Promise<void> {
    const command = new RetryPipelineExecutionCommand({
      PipelineExecutionArn: this.arn,
      ClientRequestToken: randomUUID(),
    });
    await this.session.sagemaker.send(command, { abortSignal: signal });
  }
}
