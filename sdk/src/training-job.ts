import {
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { UnexpectedStatusError } from "./errors.ts";
import { followLog, type LogFollowing } from "./follow-log.ts";
import { createLogReader, type LogReader } from "./log-reader.ts";
import type { Session } from "./session.ts";
import { type WaitOptions, waitUntilSettled } from "./wait.ts";

export interface TrainingJobWaitOptions extends WaitOptions<DescribeTrainingJobResponse>, LogFollowing {}

/** The logs of training jobs, as SageMaker names the group. */
export const TRAINING_LOG_GROUP = "/aws/sagemaker/TrainingJobs";

/** A training job that exists. */
export class TrainingJob {
  readonly name: string;
  readonly session: Session;

  constructor(name: string, session: Session) {
    this.name = name;
    this.session = session;
  }

  describe(signal?: AbortSignal): Promise<DescribeTrainingJobResponse> {
    return this.session.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: this.name }), {
      abortSignal: signal,
    });
  }

  /** Reads the job's log from its start, all hosts. */
  logReader(): LogReader {
    return createLogReader(this.session.logs, { group: TRAINING_LOG_GROUP, streamPrefix: `${this.name}/` });
  }

  /**
   * Resolves with the description of the completed job.
   * @throws UnexpectedStatusError with the FailureReason when the job failed or was stopped; WaitTimeoutError; AbortError.
   */
  async wait(options: TrainingJobWaitOptions = {}): Promise<DescribeTrainingJobResponse> {
    const description = await waitUntilSettled(
      {
        resource: `training job ${this.name}`,
        describe: (signal) => this.describe(signal),
        isSettled: ({ TrainingJobStatus: status }) => status !== "InProgress" && status !== "Stopping",
        afterLook: followLog(() => this.logReader(), options),
        clock: this.session.clock,
      },
      options,
    );
    const status = description.TrainingJobStatus ?? "in an unknown state";
    if (status === "Completed") return description;
    throw new UnexpectedStatusError(`training job ${this.name}`, {
      status,
      failureReason: description.FailureReason,
      advice:
        status === "Stopped"
          ? "What it had saved until then is in its model artifacts; train again for a complete model."
          : `Its log is in CloudWatch Logs, group ${TRAINING_LOG_GROUP}, streams ${this.name}/….`,
    });
  }

  /** Asks the job to stop and returns at once; `wait` sees it end. */
  async stop(signal?: AbortSignal): Promise<void> {
    const command = new StopTrainingJobCommand({ TrainingJobName: this.name });
    await this.session.sagemaker.send(command, { abortSignal: signal });
  }
}
