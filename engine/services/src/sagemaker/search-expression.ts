import type { Filter, NestedFilters, SearchExpression } from "@aws-sdk/client-sagemaker";
import { awsError } from "@rondo/wire";
import { elementsAt, existsAt, type PropertyValue, valuesAt } from "./search-property.ts";

/** Of an expression with everything in it, as AWS allows. */
const MAX_CONDITIONS = 50;

/** Throws ValidationException for an expression without a condition, with too many, or with a value that is missing. */
export function checkExpression(expression: SearchExpression | undefined): void {
  if (expression === undefined) return;
  if (countConditions(expression) > MAX_CONDITIONS) {
    throw awsError(
      "ValidationException",
      `A SearchExpression has at most ${MAX_CONDITIONS} filters and subexpressions.`,
    );
  }
}

/** Whether a resource's properties satisfy the expression; all of them do when there is none. */
export function matches(properties: unknown, expression: SearchExpression | undefined): boolean {
  if (expression === undefined) return true;
  const conditions = [
    ...(expression.Filters ?? []).map((filter) => () => holds(properties, filter)),
    ...(expression.NestedFilters ?? []).map((nested) => () => holdsOfOne(properties, nested)),
    ...(expression.SubExpressions ?? []).map((inner) => () => matches(properties, inner)),
  ];
  return expression.Operator === "Or"
    ? conditions.some((condition) => condition())
    : conditions.every((condition) => condition());
}

/** Every filter holds of one and the same element. Their names may begin with that of the list. */
function holdsOfOne(
  properties: unknown,
  { NestedPropertyName: list = "", Filters: filters = [] }: NestedFilters,
): boolean {
  return elementsAt(properties, list).some((element) =>
    filters.every((filter) => {
      const name = filter.Name ?? "";
      return holds(element, { ...filter, Name: name.startsWith(`${list}.`) ? name.slice(list.length + 1) : name });
    }),
  );
}

function holds(
  properties: unknown,
  { Name: path = "", Operator: operator = "Equals", Value: text = "" }: Filter,
): boolean {
  if (operator === "Exists") return existsAt(properties, path);
  if (operator === "NotExists") return !existsAt(properties, path);
  const values = valuesAt(properties, path);
  if (operator === "NotEquals") return values.every((value) => compare(value, text) !== 0);
  if (operator === "In") {
    const wanted = text.split(",").map((part) => part.trim());
    return values.some((value) => wanted.some((part) => compare(value, part) === 0));
  }
  if (operator === "Contains") return values.some((value) => typeof value === "string" && value.includes(text));
  return values.some((value) => isOrdered(compare(value, text), operator));
}

function isOrdered(order: number, operator: string): boolean {
  if (operator === "Equals") return order === 0;
  if (operator === "GreaterThan") return order > 0;
  if (operator === "GreaterThanOrEqualTo") return order >= 0;
  if (operator === "LessThan") return order < 0;
  return order <= 0;
}

/** Below 0, 0 or above it; NaN where the two cannot be compared. Text that is a number on both sides is ordered as numbers, other text is only equal or not. */
function compare(value: PropertyValue, text: string): number {
  if (value instanceof Date) return value.getTime() - Date.parse(text);
  if (typeof value === "number") return value - numberOf(text);
  if (typeof value === "boolean") return String(value) === text.toLowerCase() ? 0 : Number.NaN;
  return value === text ? 0 : numberOf(value) - numberOf(text);
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function countConditions({ Filters = [], NestedFilters: nested = [], SubExpressions = [] }: SearchExpression): number {
  for (const filter of [...Filters, ...nested.flatMap(({ Filters: inner }) => inner ?? [])]) checkFilter(filter);
  const inner = SubExpressions.reduce((sum, expression) => sum + countConditions(expression), 0);
  const own = Filters.length + nested.reduce((sum, { Filters: filters }) => sum + (filters?.length ?? 0), 0);
  if (own + inner === 0) {
    throw awsError(
      "ValidationException",
      "A SearchExpression must have at least one filter, nested filter or subexpression.",
    );
  }
  return own + nested.length + SubExpressions.length + inner;
}

function checkFilter({ Name, Operator: operator, Value }: Filter): void {
  if (operator === "Exists" || operator === "NotExists" || Value !== undefined) return;
  throw awsError("ValidationException", `The filter on ${Name} must have a Value.`);
}
