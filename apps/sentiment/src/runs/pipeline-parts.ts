import { executionFile } from "../../infrastructure/sagemaker/execution-locations.ts";
import type { ApplicationContext } from "../application-context.ts";
import { followPipeline, type PipelineOutcome } from "../pipeline/follow-pipeline.ts";
import { preparePipeline } from "../pipeline/prepare-pipeline.ts";
import { startPipeline } from "../pipeline/start-pipeline.ts";
import type { RunParts } from "./carry-out-run.ts";
import { reportPipelineRun } from "./report-run.ts";
import type { PipelineResult } from "./run.ts";

/** What bootstrap and retraining have in common: the pipeline on the run's data, its verdict, the news of it. */
export function pipelineParts(
  context: ApplicationContext,
): Pick<RunParts<PipelineResult>, "start" | "follow" | "report"> {
  const { canarySeconds, alarmPeriodSeconds } = context.settings;
  return {
    async start({ run_id, data, parameters = {} }, signal) {
      if (data === undefined) throw new Error(`The run ${run_id} has no data.`);
      await preparePipeline(context, { canarySeconds, alarmPeriodSeconds, signal });
      return startPipeline(context, { dataUri: data, parameters, clientRequestToken: run_id, signal });
    },
    async follow({ run_id, execution_arn }, { signal, onStep }) {
      if (execution_arn === undefined) throw new Error(`The run ${run_id} has not been started.`);
      return readResult(context, await followPipeline(context, execution_arn, { signal, onProgress: onStep }));
    },
    report: (run) => reportPipelineRun(context, run),
  };
}

function readResult({ names, settings }: ApplicationContext, outcome: PipelineOutcome): PipelineResult {
  const { deployed, evaluation, executionArn, failureReason, modelPackageArn, status } = outcome;
  if (status !== "Succeeded" || evaluation === undefined) {
    throw new Error(`The pipeline is ${status}: ${failureReason ?? "it left no evaluation"}`);
  }
  return {
    is_deployed: deployed !== undefined,
    decision: evaluation.gate.decision,
    reason: evaluation.gate.reason,
    endpoint_name: settings.endpointName,
    ...(deployed !== undefined && { model_version: deployed.modelVersion }),
    ...(modelPackageArn !== undefined && { model_package_arn: modelPackageArn }),
    evaluation_uri: executionFile(names.buckets.artifacts, executionArn, {
      folder: "evaluation",
      name: "evaluation.json",
    }),
  };
}
