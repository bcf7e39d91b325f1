import type { Objects } from "@rondo/store";
import { isObject, type Json, type PipelineDefinition } from "./definition.ts";
import { executionId, type PipelineExecution, type StepRecord } from "./execution-body.ts";
import {
  ExpressionError,
  evaluate,
  expressionsIn,
  type JsonSource,
  type Scope,
  stepsReferredTo,
} from "./expression.ts";
import { followPath } from "./property-path.ts";
import { readTextObject } from "./read-text-object.ts";
import { describeIfThere, type Invoke, textOf } from "./step-resource.ts";
import { STEP_RESOURCE_TYPES } from "./step-resource-types.ts";

/** A property file is a small report; one beyond this is refused. */
const MAX_FILE = 2 * 1024 * 1024;
/** How many a step may read; together they must fit into memory. */
const MAX_FILES = 20;

export interface ScopeDependencies {
  readonly objects: Objects;
  readonly invoke: Invoke;
}

/** Where an expression stands. */
export interface ScopePlace {
  readonly execution: PipelineExecution;
  readonly definition: PipelineDefinition;
  /** The step that is evaluated; what it creates is named by it. */
  readonly record: Pick<StepRecord, "startTime" | "resource">;
}

/**
 * All that a value's expressions need: reads the properties of the steps that it refers to, and the files that its Std:JsonGet read. Throws ExpressionError
 * when something of it cannot be read.
 */
export async function loadScope(dependencies: ScopeDependencies, place: ScopePlace, value: Json): Promise<Scope> {
  const properties = new Map<string, Json>();
  for (const name of stepsReferredTo(value)) properties.set(name, await propertiesOf(dependencies, place, name));
  const files = new Map<string, Json>();
  const locate = (source: JsonSource, uri: string | undefined) =>
    uri ?? locationOf(source, place.definition, properties);
  const scope: Scope = {
    parameter: (name) => place.execution.body.parameters.find((parameter) => parameter.name === name)?.value,
    execution: (name) => executionVariable(name, place),
    properties: (step) => properties.get(step),
    file: (source, uri) => files.get(locate(source, uri)),
  };
  for (const expression of expressionsIn(value)) {
    if (expression.kind !== "json-get") continue;
    const { source } = expression;
    const uri = locate(source, source.kind === "s3-uri" ? textOf(evaluate(source.uri, scope)) : undefined);
    if (files.has(uri)) continue;
    if (files.size >= MAX_FILES) throw new ExpressionError(`A step can read ${MAX_FILES} files with Std:JsonGet.`);
    files.set(uri, await readJsonFile(dependencies.objects, place.execution.accountId, uri));
  }
  return scope;
}

async function propertiesOf(
  { invoke }: ScopeDependencies,
  { execution, definition }: ScopePlace,
  name: string,
): Promise<Json> {
  const step = definition.steps.find((candidate) => candidate.name === name);
  const record = execution.body.steps.find((candidate) => candidate.name === name);
  if (step?.type === "Condition") return { Outcome: record?.outcome ?? null };
  const type = STEP_RESOURCE_TYPES[step?.type ?? ""];
  if (type === undefined || record?.resource === undefined)
    throw new ExpressionError(`Steps.${name} has no properties.`);
  const properties = await describeIfThere(type, { resource: record.resource, invoke });
  if (properties === undefined)
    throw new ExpressionError(`Steps.${name} has no properties any more: ${record.resource.name} is gone.`);
  return properties;
}

function executionVariable(name: string, { execution, record }: ScopePlace): Json | undefined {
  const { body, createdAt, arn } = execution;
  if (name === "StartDateTime") return createdAt.toISOString();
  // The same whenever the step is evaluated, so that a repetition asks for the same thing.
  if (name === "CurrentDateTime") return record.startTime;
  if (name === "PipelineName") return body.pipelineName;
  if (name === "PipelineArn") return body.pipelineArn;
  if (name === "PipelineExecutionId") return executionId(execution);
  if (name === "PipelineExecutionArn") return arn;
  return record.resource?.name;
}

function locationOf(source: JsonSource, definition: PipelineDefinition, properties: ReadonlyMap<string, Json>): string {
  if (source.kind === "s3-uri") throw new Error("The S3Uri of a Std:JsonGet was not evaluated");
  const step = definition.steps.find(({ name }) => name === source.step);
  const file = step?.propertyFiles.find(({ name }) => name === source.name);
  const path = ["ProcessingOutputConfig", "Outputs", file?.outputName ?? "", "S3Output", "S3Uri"];
  const uri = textOf(followPath(properties.get(source.step) ?? null, path));
  if (file === undefined || uri === "") {
    throw new ExpressionError(`The property file ${source.name} of step ${source.step} has no output in S3.`);
  }
  return `${uri.replace(/\/+$/, "")}/${file.filePath.replace(/^\/+/, "")}`;
}

async function readJsonFile(objects: Objects, accountId: string, uri: string): Promise<Json> {
  const found = await readTextObject(objects, accountId, { uri, maxBytes: MAX_FILE });
  if ("problem" in found) throw new ExpressionError(`The file ${found.problem}`);
  try {
    const value = JSON.parse(found.text) as Json;
    if (isObject(value) || Array.isArray(value)) return value;
  } catch (error) {
    throw new ExpressionError(`The file ${uri} is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  throw new ExpressionError(`The file ${uri} must have a JSON object.`);
}
