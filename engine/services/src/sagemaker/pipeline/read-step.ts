import { checkConditions } from "./condition.ts";
import {
  type Branch,
  isObject,
  type Json,
  type JsonObject,
  type PropertyFile,
  type StepDefinition,
} from "./definition.ts";
import { checkingStep, invalidDefinition } from "./definition-error.ts";
import { stepsReferredTo } from "./expression.ts";
import { readCacheConfig, readRetryPolicies } from "./read-step-options.ts";
import { problemOfType } from "./step-types.ts";

/** More than any pipeline has; AWS's own quota is 50. */
const MAX_STEPS = 500;
const NAME = /^[A-Za-z0-9\-_]{1,256}$/;

const MEMBERS: ReadonlySet<string> = new Set([
  "Name",
  "Type",
  "Arguments",
  "DependsOn",
  "DisplayName",
  "Description",
  "CacheConfig",
  "PropertyFiles",
  "RetryPolicies",
]);

/** All steps of a definition, those of branches behind their Condition step. Throws ValidationException. */
export function readSteps(list: Json): readonly StepDefinition[] {
  const steps = readList(list, undefined, "Steps");
  if (steps.length === 0) throw invalidDefinition("Steps must have at least one step.");
  if (steps.length > MAX_STEPS) throw invalidDefinition(`it has more than ${MAX_STEPS} steps.`);
  const names = new Set<string>();
  for (const { name } of steps) {
    if (names.has(name)) throw invalidDefinition(`there is more than one step with the Name ${name}.`);
    names.add(name);
  }
  return steps;
}

function readList(list: Json, branch: Branch | undefined, place: string): StepDefinition[] {
  if (!Array.isArray(list)) throw invalidDefinition(`${place} must be a list.`);
  return (list as readonly Json[]).flatMap((step, index) => readStep(step, branch, `${place}[${index}]`));
}

function readStep(step: Json, branch: Branch | undefined, place: string): StepDefinition[] {
  if (!isObject(step)) throw invalidDefinition(`${place} must be an object.`);
  const { Name: name, Type: type } = step;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw invalidDefinition(`${place} must have a Name of 1 to 256 letters, digits, hyphens and underscores.`);
  }
  if (typeof type !== "string") throw invalidDefinition(`step ${name} must have a Type.`);
  const problem = problemOfType(type);
  if (problem !== undefined) throw invalidDefinition(`step ${name}: ${problem}`);
  const unknown = Object.keys(step).find((member) => !MEMBERS.has(member));
  if (unknown !== undefined) throw invalidDefinition(`step ${name}: ${unknown} is not a member of a ${type} step.`);
  const given = step.Arguments;
  if (!isObject(given)) throw invalidDefinition(`step ${name}: Arguments must be an object.`);
  const { own, branches } = type === "Condition" ? splitCondition(name, given) : { own: given, branches: [] };
  const dependsOn = readNames(step);
  const used = checkingStep(name, () => stepsReferredTo(own));
  const definition: StepDefinition = {
    name,
    type,
    displayName: readText(step, "DisplayName"),
    description: readText(step, "Description"),
    arguments: own,
    dependsOn,
    waitsFor: new Set([...dependsOn, ...used, ...(branch === undefined ? [] : [branch.condition])]),
    propertyFiles: readPropertyFiles(step),
    cache: readCacheConfig(step),
    retryPolicies: readRetryPolicies(step),
    branch,
  };
  return [definition, ...branches];
}

/** The conditions stay with the step; the steps of its branches become steps of their own. */
function splitCondition(name: string, given: JsonObject): { own: JsonObject; branches: StepDefinition[] } {
  const { Conditions: conditions = null, IfSteps: whenTrue = [], ElseSteps: whenFalse = [] } = given;
  checkingStep(name, () => checkConditions(conditions, "Arguments.Conditions"));
  const branches = [
    ...readList(whenTrue, { condition: name, when: true }, `step ${name}: IfSteps`),
    ...readList(whenFalse, { condition: name, when: false }, `step ${name}: ElseSteps`),
  ];
  return { own: { Conditions: conditions }, branches };
}

function readText(step: JsonObject, member: string): string | undefined {
  const value = step[member] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidDefinition(`step ${String(step.Name)}: ${member} must be a string.`);
}

function readNames(step: JsonObject): readonly string[] {
  const names = step.DependsOn ?? [];
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names as readonly string[];
  throw invalidDefinition(`step ${String(step.Name)}: DependsOn must be a list of step names.`);
}

function readPropertyFiles(step: JsonObject): readonly PropertyFile[] {
  const files = step.PropertyFiles ?? [];
  const name = String(step.Name);
  if (!Array.isArray(files)) throw invalidDefinition(`step ${name}: PropertyFiles must be a list.`);
  if (files.length > 0 && step.Type !== "Processing") {
    throw invalidDefinition(`step ${name}: only a Processing step may have PropertyFiles.`);
  }
  return (files as readonly Json[]).map((file, index) => {
    const { PropertyFileName, OutputName, FilePath } = isObject(file) ? file : {};
    if (typeof PropertyFileName === "string" && typeof OutputName === "string" && typeof FilePath === "string") {
      return { name: PropertyFileName, outputName: OutputName, filePath: FilePath };
    }
    throw invalidDefinition(
      `step ${name}: PropertyFiles[${index}] must have PropertyFileName, OutputName and FilePath, which are strings.`,
    );
  });
}
