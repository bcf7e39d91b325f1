import type {
  DescribePipelineExecutionResponse,
  PipelineExecutionStatus,
  PipelineExecutionStep,
  PipelineExecutionStepMetadata,
  PipelineExecutionSummary,
  PipelineExperimentConfig,
} from "@aws-sdk/client-sagemaker";
import type { JsonObject, PipelineDefinition, StepDefinition } from "./definition.ts";
import { executionId, type PipelineExecution, type StepRecord } from "./execution-body.ts";
import { evaluateObject } from "./expression.ts";
import { STEP_RESOURCE_TYPES } from "./step-resource-types.ts";

/** DescribePipelineExecution's answer. */
export function describeExecution(
  execution: PipelineExecution,
  definition: PipelineDefinition,
): DescribePipelineExecutionResponse {
  const { body, arn, status, createdAt } = execution;
  return {
    PipelineArn: body.pipelineArn,
    PipelineExecutionArn: arn,
    PipelineExecutionDisplayName: body.displayName,
    PipelineExecutionStatus: status as PipelineExecutionStatus,
    PipelineExecutionDescription: body.description,
    PipelineExperimentConfig: experimentOf(execution, definition),
    FailureReason: body.failureReason,
    CreationTime: createdAt,
    LastModifiedTime: new Date(body.lastModifiedTime),
    CreatedBy: { IamIdentity: { Arn: body.startedBy.arn } },
    LastModifiedBy: { IamIdentity: { Arn: body.lastModifiedBy } },
    ParallelismConfiguration: body.parallelism,
    SelectiveExecutionConfig: body.selective,
    PipelineVersionId: body.version,
  };
}

function experimentOf(
  execution: PipelineExecution,
  { experiment }: PipelineDefinition,
): PipelineExperimentConfig | undefined {
  if (experiment === undefined) return undefined;
  const { body, arn, createdAt } = execution;
  const variables: Readonly<Record<string, string>> = {
    PipelineName: body.pipelineName,
    PipelineArn: body.pipelineArn,
    PipelineExecutionId: executionId(execution),
    PipelineExecutionArn: arn,
    StartDateTime: createdAt.toISOString(),
    CurrentDateTime: createdAt.toISOString(),
  };
  return evaluateObject(experiment as JsonObject, {
    parameter: (name) => body.parameters.find((parameter) => parameter.name === name)?.value,
    execution: (name) => variables[name],
    properties: () => undefined,
    file: () => undefined,
  }) as PipelineExperimentConfig;
}

/** An item of ListPipelineExecutions. */
export function summarizeExecution({ arn, createdAt, status, body }: PipelineExecution): PipelineExecutionSummary {
  return {
    PipelineExecutionArn: arn,
    StartTime: createdAt,
    PipelineExecutionStatus: status as PipelineExecutionStatus,
    PipelineExecutionDescription: body.description,
    PipelineExecutionDisplayName: body.displayName,
    PipelineExecutionFailureReason: body.failureReason,
  };
}

/** An item of ListPipelineExecutionSteps. */
export function describeStep(record: StepRecord, step: StepDefinition | undefined): PipelineExecutionStep {
  const { cachedFrom, selectedFrom, endTime } = record;
  return {
    StepName: record.name,
    StepDisplayName: step?.displayName,
    StepDescription: step?.description,
    StartTime: new Date(record.startTime),
    EndTime: endTime === undefined ? undefined : new Date(endTime),
    StepStatus: record.status,
    CacheHitResult: cachedFrom === undefined ? undefined : { SourcePipelineExecutionArn: cachedFrom },
    FailureReason: record.failureReason,
    Metadata: metadataOf(record, step),
    AttemptCount: record.attempts,
    SelectiveExecutionResult: selectedFrom === undefined ? undefined : { SourcePipelineExecutionArn: selectedFrom },
  };
}

/** What AWS's ConditionOutcome says. */
const OUTCOMES = { true: "True", false: "False" } as const;

function metadataOf(
  { outcome, failureReason, resource }: StepRecord,
  step: StepDefinition | undefined,
): PipelineExecutionStepMetadata | undefined {
  if (step?.type === "Fail") return { Fail: { ErrorMessage: failureReason } };
  if (step?.type === "Condition")
    return { Condition: { Outcome: outcome === undefined ? undefined : OUTCOMES[`${outcome}`] } };
  const type = STEP_RESOURCE_TYPES[step?.type ?? ""];
  return type === undefined || resource?.arn === undefined ? undefined : { [type.metadata]: { Arn: resource.arn } };
}
