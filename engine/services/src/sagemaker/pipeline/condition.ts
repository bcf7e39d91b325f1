import { isObject, type Json, type JsonObject } from "./definition.ts";
import { ExpressionError, evaluate, type Scope, show } from "./expression.ts";

type Ordered = (order: number) => boolean;

/** What the order of left to right, negative, 0 or positive, must be. Source: ConditionTypeEnum of sagemaker/workflow/conditions.py. */
const COMPARISONS: Readonly<Record<string, Ordered>> = {
  Equals: (order) => order === 0,
  GreaterThan: (order) => order > 0,
  GreaterThanOrEqualTo: (order) => order >= 0,
  LessThan: (order) => order < 0,
  LessThanOrEqualTo: (order) => order <= 0,
};

/** Throws ExpressionError, naming the member, when a condition is not of a shape that pipelines know. */
export function checkCondition(condition: Json, place: string): void {
  if (!isObject(condition)) throw new ExpressionError(`${place} must be an object.`);
  const { Type: type } = condition;
  if (typeof type !== "string") throw new ExpressionError(`${place} must have a Type.`);
  if (Object.hasOwn(COMPARISONS, type)) return requireMembers(condition, ["LeftValue", "RightValue"], place);
  if (type === "Not") {
    requireMembers(condition, ["Condition"], place);
    return checkCondition(condition.Condition ?? null, `${place}.Condition`);
  }
  if (type === "Or") return checkConditions(condition.Conditions ?? null, `${place}.Conditions`);
  if (type !== "In")
    throw new ExpressionError(`${place} has the Type ${show(type)}, which is not a condition of pipelines.`);
  requireMembers(condition, ["QueryValue", "Values"], place);
  if (!Array.isArray(condition.Values)) throw new ExpressionError(`${place}.Values must be a list.`);
}

/** Throws ExpressionError when a list of conditions is not one. */
export function checkConditions(conditions: Json, place: string): void {
  if (!Array.isArray(conditions)) throw new ExpressionError(`${place} must be a list of conditions.`);
  for (const [index, condition] of (conditions as readonly Json[]).entries())
    checkCondition(condition, `${place}[${index}]`);
}

function requireMembers(condition: JsonObject, members: readonly string[], place: string): void {
  const missing = members.find((member) => !Object.hasOwn(condition, member));
  if (missing !== undefined) throw new ExpressionError(`${place} must have ${missing}.`);
}

/** Whether all conditions of a Condition step hold; the second is not looked at when the first does not. Throws ExpressionError for values that cannot be compared. */
export function holdAll(conditions: Json, scope: Scope): boolean {
  return (conditions as readonly JsonObject[]).every((condition) => holds(condition, scope));
}

function holds(condition: JsonObject, scope: Scope): boolean {
  const { Type: type } = condition;
  if (type === "Not") return !holds(condition.Condition as JsonObject, scope);
  if (type === "Or") return (condition.Conditions as readonly JsonObject[]).some((inner) => holds(inner, scope));
  if (type === "In") {
    const wanted = evaluate(condition.QueryValue ?? null, scope);
    return (condition.Values as readonly Json[]).some((value) => evaluate(value, scope) === wanted);
  }
  const left = evaluate(condition.LeftValue ?? null, scope);
  const right = evaluate(condition.RightValue ?? null, scope);
  const comparison = COMPARISONS[String(type)];
  if (comparison === undefined) throw new ExpressionError(`${show(type ?? null)} is not a condition of pipelines.`);
  return comparison(orderOf(left, right, String(type)));
}

function orderOf(left: Json, right: Json, type: string): number {
  const isOrdered = typeof left === "number" || typeof left === "string";
  if (typeof left !== typeof right || !(isOrdered || (typeof left === "boolean" && type === "Equals"))) {
    throw new ExpressionError(
      `${type} cannot compare the LeftValue ${show(left)} with the RightValue ${show(right)}: they must be two numbers or two strings.`,
    );
  }
  if (left === right) return 0;
  return (left as number) < (right as number) ? -1 : 1;
}
