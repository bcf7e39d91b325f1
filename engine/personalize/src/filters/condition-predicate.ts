import { type FilterCondition, type FilterLiteral, isOrder, type OrderOperator } from "./filter-expression.ts";

/** A record's value; undefined where it is missing. */
export type FieldValue = string | number | undefined;

type Predicate<Value> = (value: Value) => boolean;

const ORDERS: Readonly<Record<OrderOperator, (value: number, bound: number) => boolean>> = {
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/**
 * A condition as a function of a field's value. A text of several categories matches by each of them (and by the whole). A missing value equals nothing:
 * NOT IN and != hold for it, so that INCLUDE … NOT IN is the same as EXCLUDE … IN, as the guide says.
 */
export function compileCondition({
  operator,
  values,
}: Pick<FilterCondition<FilterLiteral>, "operator" | "values">): Predicate<FieldValue> {
  if (isOrder(operator)) {
    const bound = toNumber(values[0]);
    return (value) => typeof value === "number" && ORDERS[operator](value, bound);
  }
  const equals = compileEquality(values);
  return operator === "NOT IN" || operator === "!=" ? (value) => !equals(value) : equals;
}

/** A condition on EVENT_TYPE, which alone matches without regard to case; `*` is every type. */
export function compileEventTypeCondition({ operator, values }: FilterCondition<FilterLiteral>): Predicate<string> {
  const types = new Set(values.map((value) => String(value).toLowerCase()));
  const isAmong = (eventType: string): boolean => types.has("*") || types.has(eventType.toLowerCase());
  return operator === "NOT IN" || operator === "!=" ? (eventType) => !isAmong(eventType) : isAmong;
}

/** The categories of a value, which a condition with CurrentItem compares with. */
export function categoriesOf(value: FieldValue): FilterLiteral[] {
  if (value === undefined) return [];
  return typeof value === "string" ? value.split("|") : [value];
}

function compileEquality(values: readonly FilterLiteral[]): Predicate<FieldValue> {
  const texts = new Set(values.map(String));
  const numbers = new Set(values.map(toNumber));
  return (value) => {
    if (typeof value === "number") return numbers.has(value) && !Number.isNaN(value);
    if (value === undefined) return false;
    return texts.has(value) || (value.includes("|") && value.split("|").some((category) => texts.has(category)));
  };
}

function toNumber(value: FilterLiteral | undefined): number {
  return typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
}
