import { isObject, type Json, type JsonObject } from "./definition.ts";
import { followPath, type PathSegment, parsePropertyPath } from "./property-path.ts";

/** What an expression asks for. */
export type Expression =
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "execution"; readonly name: string }
  | { readonly kind: "property"; readonly step: string; readonly path: readonly PathSegment[] }
  | { readonly kind: "join"; readonly on: string; readonly values: readonly Json[] }
  | { readonly kind: "json-get"; readonly source: JsonSource; readonly path: readonly PathSegment[] };

/** The file that a Std:JsonGet reads. */
export type JsonSource =
  | { readonly kind: "property-file"; readonly step: string; readonly name: string }
  | { readonly kind: "s3-uri"; readonly uri: Json };

/** The variables of `Execution`. Source: sagemaker/workflow/execution_variables.py. */
export const EXECUTION_VARIABLES = [
  "StartDateTime",
  "CurrentDateTime",
  "PipelineName",
  "PipelineArn",
  "PipelineExecutionId",
  "PipelineExecutionArn",
  "TrainingJobName",
  "ProcessingJobName",
] as const;

/** An expression that cannot be read, or that has no value. The message names the expression. */
export class ExpressionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExpressionError";
  }
}

/** The expression that a value is, or undefined when it is an ordinary value. Throws ExpressionError when it is a broken one. */
export function readExpression(value: Json): Expression | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const [key] = keys;
  if (keys.length !== 1 || key === undefined) return undefined;
  const operand = value[key] ?? null;
  if (key === "Get") return readGet(operand);
  if (key === "Std:Join") return readJoin(operand);
  if (key === "Std:JsonGet") return readJsonGet(operand);
  if (key.startsWith("Std:")) throw new ExpressionError(`${key} is not a function of pipelines.`);
  return undefined;
}

const STEP_REFERENCE = /^Steps\.([^.[\]]+)\.(.+)$/s;

function readGet(operand: Json): Expression {
  if (typeof operand !== "string") throw new ExpressionError(`Get must have a string, not ${show(operand)}.`);
  if (operand.startsWith("Parameters.")) return { kind: "parameter", name: operand.slice("Parameters.".length) };
  if (operand.startsWith("Execution.")) {
    const name = operand.slice("Execution.".length);
    if ((EXECUTION_VARIABLES as readonly string[]).includes(name)) return { kind: "execution", name };
    throw new ExpressionError(`${operand} is not an execution variable.`);
  }
  const [, step, member = ""] = STEP_REFERENCE.exec(operand) ?? [];
  const path = parsePropertyPath(member);
  if (step === undefined || path === undefined || member.startsWith("$")) {
    throw new ExpressionError(`Get ${show(operand)} must be Parameters.…, Execution.… or Steps.<step>.<property>.`);
  }
  return { kind: "property", step, path };
}

function readJoin(operand: Json): Expression {
  const on = isObject(operand) ? operand.On : undefined;
  const values = isObject(operand) ? operand.Values : undefined;
  if (typeof on !== "string" || !Array.isArray(values)) {
    throw new ExpressionError(`Std:Join must have On, a string, and Values, a list: ${show(operand)}.`);
  }
  return { kind: "join", on, values: values as readonly Json[] };
}

function readJsonGet(operand: Json): Expression {
  if (!isObject(operand)) throw new ExpressionError(`Std:JsonGet must have an object: ${show(operand)}.`);
  const { PropertyFile: file, S3Uri: uri, Path: text } = operand;
  const path = typeof text === "string" ? parsePropertyPath(text) : undefined;
  if (path === undefined) {
    throw new ExpressionError(
      `The Path ${show(text ?? null)} of Std:JsonGet is not one: write members and indexes, as in $.a.b[0].`,
    );
  }
  if ((file === undefined) === (uri === undefined)) {
    throw new ExpressionError("Std:JsonGet must have either a PropertyFile or an S3Uri.");
  }
  if (uri !== undefined) return { kind: "json-get", source: { kind: "s3-uri", uri }, path };
  return { kind: "json-get", source: readPropertyFileReference(file ?? null), path };
}

function readPropertyFileReference(value: Json): JsonSource {
  const expression = readExpression(value);
  if (expression?.kind === "property" && expression.path[0] === "PropertyFiles" && expression.path.length === 2) {
    return { kind: "property-file", step: expression.step, name: String(expression.path[1]) };
  }
  throw new ExpressionError(
    `The PropertyFile ${show(value)} of Std:JsonGet must be {"Get": "Steps.<step>.PropertyFiles.<name>"}.`,
  );
}

/** Every expression in a value, also those within expressions. Throws ExpressionError for a broken one. */
export function* expressionsIn(value: Json): Generator<Expression> {
  const expression = readExpression(value);
  if (expression !== undefined) {
    yield expression;
    if (expression.kind === "join") for (const part of expression.values) yield* expressionsIn(part);
    if (expression.kind === "json-get" && expression.source.kind === "s3-uri")
      yield* expressionsIn(expression.source.uri);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) yield* expressionsIn(part as Json);
  }
}

/** The steps whose properties or files a value refers to, each once. */
export function stepsReferredTo(value: Json): ReadonlySet<string> {
  const steps = new Set<string>();
  for (const expression of expressionsIn(value)) {
    if (expression.kind === "property") steps.add(expression.step);
    if (expression.kind === "json-get" && expression.source.kind === "property-file") steps.add(expression.source.step);
  }
  return steps;
}

/** Where expressions find their values; what is missing is undefined. */
export interface Scope {
  parameter(name: string): Json | undefined;
  execution(name: string): Json | undefined;
  /** The step as its Describe operation shows it. */
  properties(step: string): Json | undefined;
  /** The content of a JSON file; its S3 URI, evaluated, or the property file of a step. */
  file(source: JsonSource, uri: string | undefined): Json | undefined;
}

/** A value with every expression in it replaced. Throws ExpressionError for one that has no value. */
export function evaluate(value: Json, scope: Scope): Json {
  const expression = readExpression(value);
  if (expression !== undefined) {
    const result = valueOf(expression, scope);
    if (result === undefined) throw new ExpressionError(`${show(value)} has no value.`);
    return result;
  }
  if (Array.isArray(value)) return value.map((element: Json) => evaluate(element, scope));
  if (!isObject(value)) return value;
  const evaluated: Record<string, Json> = {};
  // Not by assignment: a member may be called __proto__.
  for (const [key, member] of Object.entries(value)) {
    Object.defineProperty(evaluated, key, {
      value: evaluate(member, scope),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return evaluated;
}

/** The members of a request with every expression replaced. */
export function evaluateObject(value: JsonObject, scope: Scope): JsonObject {
  return evaluate(value, scope) as JsonObject;
}

function valueOf(expression: Expression, scope: Scope): Json | undefined {
  if (expression.kind === "parameter") return scope.parameter(expression.name);
  if (expression.kind === "execution") return scope.execution(expression.name);
  if (expression.kind === "join") return expression.values.map((part) => asText(part, scope)).join(expression.on);
  if (expression.kind === "property") {
    const properties = scope.properties(expression.step);
    return properties === undefined ? undefined : followPath(properties, expression.path);
  }
  return jsonGet(expression, scope);
}

function asText(part: Json, scope: Scope): string {
  const value = evaluate(part, scope);
  if (typeof value === "object") throw new ExpressionError(`Std:Join cannot join ${show(value)}, from ${show(part)}.`);
  return String(value);
}

function jsonGet({ source, path }: Expression & { readonly kind: "json-get" }, scope: Scope): Json | undefined {
  const uri = source.kind === "s3-uri" ? evaluate(source.uri, scope) : undefined;
  if (uri !== undefined && typeof uri !== "string") {
    throw new ExpressionError(`The S3Uri of Std:JsonGet must be a string, not ${show(uri)}.`);
  }
  const file = scope.file(source, uri);
  const value = file === undefined ? undefined : followPath(file, path);
  if (typeof value === "object" && value !== null) {
    throw new ExpressionError(
      `Std:JsonGet leads to ${Array.isArray(value) ? "a list" : "an object"} at ${path.join(".")}; it must be a string, number or boolean.`,
    );
  }
  return value ?? undefined;
}

const MAX_SHOWN = 200;

/** A value as a message shows it. */
export function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
