import {
  DescribeProcessingJobCommand,
  type DescribeProcessingJobResponse,
  StopProcessingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { UnexpectedStatusError } from "./errors.ts";
import { followLog, type LogFollowing } from "./follow-log.ts";
import { createLogReader, type LogReader } from "./log-reader.ts";
import type { Session } from "./session.ts";
import { type WaitOptions, waitUntilSettled } from "./wait.ts";

export interface ProcessingJobWaitOptions extends WaitOptions<DescribeProcessingJobResponse>, LogFollowing {}

/** The logs of processing jobs, as SageMaker names the group. */
export const PROCESSING_LOG_GROUP = "/aws/sagemaker/ProcessingJobs";

/** A processing job that exists. */
export class ProcessingJob {
  readonly name: string;
  readonly session: Session;

  constructor(name: string, session: Session) {
    this.name = name;
    this.session = session;
  }

  describe(signal?: AbortSignal): Promise<DescribeProcessingJobResponse> {
    const command = new DescribeProcessingJobCommand({ ProcessingJobName: this.name });
    return this.session.sagemaker.send(command, { abortSignal: signal });
  }

  /** Reads the job's log from its start, all hosts. */
  logReader(): LogReader {
    return createLogReader(this.session.logs, { group: PROCESSING_LOG_GROUP, streamPrefix: `${this.name}/` });
  }

  /**
   * Resolves with the description of the completed job.
   * @throws UnexpectedStatusError with the FailureReason when the job failed or was stopped; WaitTimeoutError; AbortError.
   */
  async wait(options: ProcessingJobWaitOptions = {}): Promise<DescribeProcessingJobResponse> {
    const description = await waitUntilSettled(
      {
        resource: `processing job ${this.name}`,
        describe: (signal) => this.describe(signal),
        isSettled: ({ ProcessingJobStatus: status }) => status !== "InProgress" && status !== "Stopping",
        afterLook: followLog(() => this.logReader(), options),
        clock: this.session.clock,
      },
      options,
    );
    const status = description.ProcessingJobStatus ?? "in an unknown state";
    if (status === "Completed") return description;
    throw new UnexpectedStatusError(`processing job ${this.name}`, {
      status,
      failureReason: description.FailureReason ?? description.ExitMessage,
      advice: `Its log is in CloudWatch Logs, group ${PROCESSING_LOG_GROUP}, streams ${this.name}/….`,
    });
  }

  /** Asks the job to stop and returns at once; `wait` sees it end. */
  async stop(signal?: AbortSignal): Promise<void> {
    const command = new StopProcessingJobCommand({ ProcessingJobName: this.name });
    await this.session.sagemaker.send(command, { abortSignal: signal });
  }
}
