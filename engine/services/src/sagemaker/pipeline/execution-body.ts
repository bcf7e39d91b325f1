import type {
  ParallelismConfiguration,
  PipelineExecutionStatus,
  SelectiveExecutionConfig,
  StepStatus,
} from "@aws-sdk/client-sagemaker";
import type { Resource } from "@rondo/store";
import type { Caller } from "@rondo/wire";

/** The type of pipeline executions in the resource table. */
export const PIPELINE_EXECUTION = "sagemaker/pipeline-execution";

/** A pipeline execution's row; its name is `<pipeline>/<execution id>`. Times are in ISO form. */
export interface PipelineExecutionBody {
  readonly pipelineName: string;
  readonly pipelineArn: string;
  /** The pipeline's row and the version of the definition that runs. */
  readonly pipelineId: number;
  readonly version: number;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly parallelism?: ParallelismConfiguration | undefined;
  readonly selective?: SelectiveExecutionConfig | undefined;
  /** Every parameter with its value, in the order of the definition. */
  readonly parameters: readonly ParameterValue[];
  readonly startedBy: StartedBy;
  readonly lastModifiedBy: string;
  readonly lastModifiedTime: string;
  readonly failureReason?: string | undefined;
  /** In the order in which they began. */
  readonly steps: readonly StepRecord[];
  /** The token of the RetryPipelineExecution that was honoured last. */
  readonly retryToken?: string | undefined;
}

export interface ParameterValue {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** Who started the execution; what its steps create is created in this name. */
export type StartedBy = Pick<Caller, "accessKeyId" | "arn">;

/** A step that has begun. */
export interface StepRecord {
  readonly name: string;
  readonly status: StepStatus;
  readonly startTime: string;
  readonly endTime?: string | undefined;
  /** Counts from 1. */
  readonly attempts: number;
  /** Of the first attempt. */
  readonly firstStartTime: string;
  /** Not to be created before this time: the step waits for its next attempt. */
  readonly retryAt?: string | undefined;
  /** What the step creates. The name is decided and written before anything is created, so that a repetition finds the same thing. */
  readonly resource?: StepResource | undefined;
  /** Of a Condition step. */
  readonly outcome?: boolean | undefined;
  readonly failureReason?: string | undefined;
  readonly cacheKey?: string | undefined;
  /** The execution whose result is used instead of a run of its own. */
  readonly cachedFrom?: string | undefined;
  readonly selectedFrom?: string | undefined;
}

export interface StepResource {
  readonly name: string;
  /** Known once it was created. */
  readonly arn?: string | undefined;
  /** Of an Endpoint step: what it is to serve. */
  readonly endpointConfigName?: string | undefined;
}

export type PipelineExecution = Resource<PipelineExecutionBody>;

const ACTIVE_STEPS: readonly StepStatus[] = ["Starting", "Executing", "Stopping"];
const ACTIVE_EXECUTIONS: readonly string[] = ["Executing", "Stopping"] satisfies PipelineExecutionStatus[];

export function isActiveStep({ status }: StepRecord): boolean {
  return ACTIVE_STEPS.includes(status);
}

/** Whether the execution still goes on. */
export function isActiveExecution({ status }: Pick<PipelineExecution, "status">): boolean {
  return ACTIVE_EXECUTIONS.includes(status);
}

/** The 12 characters at the end of an execution's name and ARN. */
export function executionId({ name }: Pick<PipelineExecution, "name">): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** In whose name the execution's steps act. */
export function callerOf({ accountId, region, body }: PipelineExecution): Caller {
  return { accountId, region, ...body.startedBy };
}
