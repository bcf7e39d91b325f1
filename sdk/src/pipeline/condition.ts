import type { Value } from "./expression.ts";

type Operand = Value<string | number | boolean>;

/** A condition of a `ConditionStep`, in the definition's form. */
export interface Condition {
  readonly Type: string;
  readonly [member: string]: unknown;
}

export function conditionEquals(left: Operand, right: Operand): Condition {
  return { Type: "Equals", LeftValue: left, RightValue: right };
}

export function conditionGreaterThan(left: Operand, right: Operand): Condition {
  return { Type: "GreaterThan", LeftValue: left, RightValue: right };
}

export function conditionGreaterThanOrEqualTo(left: Operand, right: Operand): Condition {
  return { Type: "GreaterThanOrEqualTo", LeftValue: left, RightValue: right };
}

export function conditionLessThan(left: Operand, right: Operand): Condition {
  return { Type: "LessThan", LeftValue: left, RightValue: right };
}

export function conditionLessThanOrEqualTo(left: Operand, right: Operand): Condition {
  return { Type: "LessThanOrEqualTo", LeftValue: left, RightValue: right };
}

/** Whether `value` is one of `values`. */
export function conditionIn(value: Operand, values: readonly Operand[]): Condition {
  return { Type: "In", QueryValue: value, Values: values };
}

export function conditionNot(condition: Condition): Condition {
  return { Type: "Not", Condition: condition };
}

/** Whether at least one holds. All conditions of a step must hold. */
export function conditionOr(conditions: readonly Condition[]): Condition {
  return { Type: "Or", Conditions: conditions };
}
