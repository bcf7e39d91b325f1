import type { SelectiveExecutionConfig } from "@aws-sdk/client-sagemaker";
import type { Resources } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import type { PipelineDefinition } from "./definition.ts";
import type { PipelineExecution, StepRecord } from "./execution-body.ts";
import type { Pipeline } from "./pipeline-body.ts";
import { requireExecution } from "./pipeline-lookup.ts";

/** The execution whose results and parameters one of selected steps takes over. Throws ResourceNotFound, or ValidationException when it is another pipeline's. */
export async function readSource(
  resources: Resources,
  { pipeline, caller }: { readonly pipeline: Pipeline; readonly caller: Caller },
  { SourcePipelineExecutionArn: arn }: SelectiveExecutionConfig = { SelectedSteps: [] },
): Promise<PipelineExecution | undefined> {
  if (arn === undefined) return undefined;
  const source = await requireExecution(resources, caller, arn);
  if (source.body.pipelineId === pipeline.id) return source;
  throw refused(`${arn} is not an execution of the pipeline ${pipeline.name}.`);
}

export interface Selection {
  readonly definition: PipelineDefinition;
  /** Undefined: all steps run. */
  readonly config: SelectiveExecutionConfig | undefined;
}

/**
 * The steps that an execution of selected steps takes over from its source: all that the selected ones wait for and that are not selected themselves. Empty
 * when nothing is selected. Throws ValidationException when a step is unknown or did not succeed in the source. Source: "Selective execution of pipeline
 * steps" of the SageMaker developer guide.
 */
export function reusedSteps(
  source: PipelineExecution | undefined,
  { definition: { steps }, config }: Selection,
  now: Date,
): readonly StepRecord[] {
  if (config === undefined) return [];
  const selected = new Set((config.SelectedSteps ?? []).map(({ StepName }) => StepName ?? ""));
  const unknown = [...selected].find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) throw refused(`The selected step ${unknown} is not in the pipeline.`);
  const needed = new Set(steps.filter(({ name }) => selected.has(name)).flatMap(({ waitsFor }) => [...waitsFor]));
  const reused = steps.map(({ name }) => name).filter((name) => needed.has(name) && !selected.has(name));
  if (reused.length === 0) return [];
  if (source === undefined) {
    throw refused(`The selected steps need the results of ${reused.join(", ")}: give a SourcePipelineExecutionArn.`);
  }
  return reused.map((name) => reusedStep(source, name, now.toISOString()));
}

function reusedStep({ arn, body }: PipelineExecution, name: string, time: string): StepRecord {
  const record = body.steps.find((step) => step.name === name);
  if (record?.status !== "Succeeded") {
    throw refused(`The step ${name}, whose result is needed, did not succeed in ${arn}.`);
  }
  const { resource, outcome, attempts } = record;
  const times = { startTime: time, firstStartTime: time, endTime: time };
  return { name, status: "Succeeded", attempts, resource, outcome, selectedFrom: arn, ...times };
}

function refused(message: string): Error {
  return awsError("ValidationException", message);
}
