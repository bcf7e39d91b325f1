import type { ModelApprovalStatus, PipelineExecutionStep } from "@aws-sdk/client-sagemaker";
import { PipelineExecution, type PipelineProgress, UnexpectedStatusError } from "@rondo/sdk";
import { executionFile } from "../../infrastructure/sagemaker/execution-locations.ts";
import { STEP_NAMES } from "../../infrastructure/sagemaker/pipeline_definition.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import type { DeployedVersion } from "./deploy-model-version.ts";
import { processingJobOf } from "./job-of-step.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { createPipelineProgress, type OnPipelineProgress } from "./pipeline-progress.ts";

/** What came out of an execution. */
export interface PipelineOutcome {
  readonly executionArn: string;
  readonly status: "Succeeded" | "Failed" | "Stopped";
  /** Why it did not succeed. */
  readonly failureReason: string | undefined;
  /** Undefined when the execution ended before the evaluation. */
  readonly evaluation: Evaluation | undefined;
  /** The version in the registry; undefined when it was not registered. */
  readonly modelPackageArn: string | undefined;
  readonly approvalStatus: ModelApprovalStatus | undefined;
  /** What is in service now; undefined when nothing was deployed. */
  readonly deployed: DeployedVersion | undefined;
}

/** Two looks a second apart are within SageMaker's limits, and a first start of a minute looks alive. */
const POLL_MS = 1_000;

/** Files that the pipeline's own scripts wrote, under keys of this application's own. */
async function readExecutionFile<Content>(
  { session, names }: PipelineContext,
  executionArn: string,
  file: Parameters<typeof executionFile>[2],
): Promise<Content | undefined> {
  const text = await session.downloadString(executionFile(names.buckets.artifacts, executionArn, file));
  return text === undefined ? undefined : (JSON.parse(text) as Content);
}

/** A script's own last words, where it left some; SageMaker's reason only has its exit code. */
async function reasonOf({ session }: PipelineContext, step: PipelineExecutionStep): Promise<string> {
  const { ExitMessage: message } = (await processingJobOf(session, step)?.describe()) ?? {};
  return message ?? step.FailureReason ?? "no reason given";
}

/** What an execution has produced by now. */
export async function readPipelineOutcome(
  context: PipelineContext,
  { execution, steps }: PipelineProgress,
): Promise<PipelineOutcome> {
  const { PipelineExecutionArn: executionArn = "", PipelineExecutionStatus: status } = execution;
  const [evaluation, deployed] = await Promise.all([
    readExecutionFile<Evaluation>(context, executionArn, { folder: "evaluation", name: "evaluation.json" }),
    readExecutionFile<DeployedVersion>(context, executionArn, { folder: "deployment", name: "deployment.json" }),
  ]);
  const registered = steps.find(
    ({ StepName, StepStatus }) =>
      StepStatus === "Succeeded" && (StepName === STEP_NAMES.register || StepName === STEP_NAMES.registerPending),
  );
  const failed = steps.filter(({ StepStatus }) => StepStatus === "Failed");
  const reasons = await Promise.all(failed.map(async (step) => `${step.StepName}: ${await reasonOf(context, step)}`));
  return {
    executionArn,
    status: status === "Succeeded" || status === "Stopped" ? status : "Failed",
    failureReason: status === "Succeeded" ? undefined : reasons.join("; ") || execution.FailureReason,
    evaluation,
    modelPackageArn: registered?.Metadata?.RegisterModel?.Arn,
    approvalStatus: registered && (registered.StepName === STEP_NAMES.register ? "Approved" : "PendingManualApproval"),
    deployed,
  };
}

/**
 * Follows an execution to its end and reads what it produced. It holds no state: after a restart it is called again with the same ARN and goes on.
 * Aborting ends the following, not the execution. Throws AbortError, and what AWS answers.
 */
export async function followPipeline(
  context: PipelineContext,
  executionArn: string,
  options: { readonly onProgress?: OnPipelineProgress; readonly signal?: AbortSignal | undefined } = {},
): Promise<PipelineOutcome> {
  const { onProgress = () => undefined, signal } = options;
  const execution = new PipelineExecution(executionArn, context.session);
  const progress = createPipelineProgress(context.session, onProgress, signal);
  let last: PipelineProgress | undefined;
  try {
    await execution.wait({
      pollMs: POLL_MS,
      ...(signal !== undefined && { signal }),
      onProgress: (look) => {
        last = look;
        progress.look(look.steps);
      },
    });
  } catch (error) {
    if (!(error instanceof UnexpectedStatusError)) throw error;
  }
  if (last === undefined) throw new Error(`The execution ${executionArn} was never looked at.`);
  return readPipelineOutcome(context, last);
}
