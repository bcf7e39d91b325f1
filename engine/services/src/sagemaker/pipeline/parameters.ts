import { awsError } from "@rondo/wire";
import { isObject, type Json, type ParameterDefinition, type ParameterType } from "./definition.ts";
import { invalidDefinition } from "./definition-error.ts";
import type { ParameterValue } from "./execution-body.ts";

type Value = string | number | boolean;

const NAME = /^[A-Za-z0-9\-_]{1,256}$/;
const MAX_PARAMETERS = 200;
const TYPES: readonly string[] = ["String", "Integer", "Boolean", "Float"] satisfies readonly ParameterType[];

/** `Parameters` of a definition. Throws ValidationException that names the parameter. */
export function readParameters(list: Json): readonly ParameterDefinition[] {
  if (!Array.isArray(list)) throw invalidDefinition("Parameters must be a list.");
  if (list.length > MAX_PARAMETERS) throw invalidDefinition(`it has more than ${MAX_PARAMETERS} parameters.`);
  const parameters = (list as readonly Json[]).map(readParameter);
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalidDefinition(`there is more than one parameter with the Name ${twice}.`);
  return parameters;
}

function readParameter(parameter: Json, index: number): ParameterDefinition {
  if (!isObject(parameter)) throw invalidDefinition(`Parameters[${index}] must be an object.`);
  const { Name: name, Type: type, DefaultValue: given, EnumValues: listed } = parameter;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw invalidDefinition(`Parameters[${index}] must have a Name of letters, digits, hyphens and underscores.`);
  }
  if (typeof type !== "string" || !TYPES.includes(type)) {
    throw invalidDefinition(`the Type of parameter ${name} must be one of ${TYPES.join(", ")}.`);
  }
  const read = (value: Json, member: string): Value => {
    if (isOfType(value, type as ParameterType)) return value as Value;
    throw invalidDefinition(
      `${member} of parameter ${name} must be of the type ${type}, not ${JSON.stringify(value)}.`,
    );
  };
  if (listed !== undefined && listed !== null && !Array.isArray(listed)) {
    throw invalidDefinition(`EnumValues of parameter ${name} must be a list.`);
  }
  const values = ((listed ?? []) as readonly Json[]).map((value) => read(value, "EnumValues"));
  const defaultValue = given === undefined || given === null ? undefined : read(given, "DefaultValue");
  if (defaultValue !== undefined && values.length > 0 && !values.includes(defaultValue)) {
    throw invalidDefinition(`DefaultValue of parameter ${name} is none of its EnumValues.`);
  }
  return { name, type: type as ParameterType, defaultValue, enumValues: values.length === 0 ? undefined : values };
}

function isOfType(value: Json, type: ParameterType): boolean {
  if (type === "String") return typeof value === "string";
  if (type === "Boolean") return typeof value === "boolean";
  return typeof value === "number" && (type === "Float" || Number.isSafeInteger(value));
}

/** A parameter as an execution was given it. */
export interface GivenParameter {
  readonly Name?: string | undefined;
  readonly Value?: string | undefined;
}

/**
 * The values of all parameters of an execution, in the types of the definition: those that are given, else those of the execution whose steps it reuses,
 * else the defaults. Throws ValidationException
 * that names the parameter that is unknown, missing, or of another type or value than the definition allows.
 */
export function resolveParameters(
  parameters: readonly ParameterDefinition[],
  given: readonly GivenParameter[],
  reused: readonly ParameterValue[] = [],
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const { Name: name = "", Value: text = "" } of given) {
    const parameter = parameters.find((declared) => declared.name === name);
    if (parameter === undefined) throw refused(`The pipeline has no parameter ${name}.`);
    if (values.has(name)) throw refused(`The parameter ${name} is given more than once.`);
    values.set(name, parseValue(parameter, text));
  }
  const missing: string[] = [];
  for (const parameter of parameters) {
    const { name, defaultValue } = parameter;
    if (values.has(name)) continue;
    // As text once more: the definition may have changed since.
    const former = reused.find((parameter) => parameter.name === name);
    if (former !== undefined) values.set(name, parseValue(parameter, String(former.value)));
    else if (defaultValue === undefined) missing.push(name);
    else values.set(name, defaultValue);
  }
  if (missing.length > 0)
    throw refused(`Values are missing for the parameters ${missing.join(", ")}, which have no default.`);
  return values;
}

function parseValue({ name, type, enumValues }: ParameterDefinition, text: string): Value {
  const value = fromText(text, type);
  if (value === undefined)
    throw refused(`The value ${JSON.stringify(text)} of parameter ${name} is not of the type ${type}.`);
  if (enumValues !== undefined && !enumValues.includes(value)) {
    throw refused(`The value ${JSON.stringify(text)} of parameter ${name} is none of ${enumValues.join(", ")}.`);
  }
  return value;
}

function fromText(text: string, type: ParameterType): Value | undefined {
  if (type === "String") return text;
  // Python's str(True), which the Python SDK sends, beside JSON's.
  if (type === "Boolean") return /^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  if (type === "Integer" && !Number.isSafeInteger(number)) return undefined;
  return Number.isFinite(number) ? number : undefined;
}

function refused(message: string): Error {
  return awsError("ValidationException", message);
}
