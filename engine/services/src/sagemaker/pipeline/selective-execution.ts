import type { SelectiveExecutionConfig } from "@aws-sdk/client-sagemaker";
import type { Resources } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import type { PipelineDefinition } from "./definition.ts";
import type { StepRecord } from "./execution-body.ts";
import type { Pipeline } from "./pipeline-body.ts";
import { requireExecution } from "./pipeline-lookup.ts";

export interface SelectionPlace {
  readonly pipeline: Pipeline;
  readonly definition: PipelineDefinition;
  readonly caller: Caller;
  readonly now: Date;
}

/**
 * The steps that an execution of selected steps takes over from its source: all that the selected ones wait for and that are not selected themselves. Empty
 * when nothing is selected. Throws ValidationException when a step is unknown or did not succeed in the source. Source: "Selective execution of pipeline
 * steps" of the SageMaker developer guide.
 */
export async function reusedSteps(
  resources: Resources,
  { pipeline, definition, caller, now }: SelectionPlace,
  config: SelectiveExecutionConfig | undefined,
): Promise<readonly StepRecord[]> {
  if (config === undefined) return [];
  const selected = new Set((config.SelectedSteps ?? []).map(({ StepName }) => StepName ?? ""));
  const unknown = [...selected].find((name) => !definition.steps.some((step) => step.name === name));
  if (unknown !== undefined)
    throw awsError("ValidationException", `The selected step ${unknown} is not in the pipeline.`);
  const needed = new Set(
    definition.steps.filter(({ name }) => selected.has(name)).flatMap(({ waitsFor }) => [...waitsFor]),
  );
  const reused = definition.steps.filter(({ name }) => needed.has(name) && !selected.has(name));
  const { SourcePipelineExecutionArn: sourceArn } = config;
  if (reused.length === 0) return [];
  if (sourceArn === undefined) {
    const names = reused.map(({ name }) => name).join(", ");
    throw awsError(
      "ValidationException",
      `The selected steps need the results of ${names}: give a SourcePipelineExecutionArn.`,
    );
  }
  const source = await requireExecution(resources, caller, sourceArn);
  if (source.body.pipelineId !== pipeline.id) {
    throw awsError(
      "ValidationException",
      `${sourceArn} is not an execution of the pipeline ${pipeline.body.PipelineName}.`,
    );
  }
  const time = now.toISOString();
  return reused.map(({ name }) => {
    const record = source.body.steps.find((step) => step.name === name);
    if (record?.status !== "Succeeded") {
      throw awsError(
        "ValidationException",
        `The step ${name}, whose result is needed, did not succeed in ${sourceArn}.`,
      );
    }
    const { resource, outcome, attempts } = record;
    const times = { startTime: time, firstStartTime: time, endTime: time };
    return { name, status: "Succeeded", attempts, resource, outcome, selectedFrom: sourceArn, ...times };
  });
}
