import { type AttributeValue, attributeTypes, type Item, typeOf } from "../attribute-value.ts";
import { beginsWith, compareValues, containsValue, equalValues, isOrdered, sizeOf } from "./compare-values.ts";
import { valueAt } from "./document-path.ts";
import { expressionError } from "./expression-error.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Comparator, Condition, ExpressionKind, Operand, ParsedExpression } from "./syntax-tree.ts";

type Test = (item: Item) => boolean;
type Read = (item: Item) => AttributeValue | undefined;

interface Binding {
  readonly kind: ExpressionKind;
  readonly placeholders: Placeholders;
}

/** A condition with its placeholders filled in, ready for any number of items. Throws ValidationException for operands of a wrong type. */
export function bindCondition(parsed: ParsedExpression<Condition>, placeholders: Placeholders): Test {
  placeholders.use(parsed);
  return bind(parsed.tree, { kind: parsed.kind, placeholders });
}

function bind(condition: Condition, binding: Binding): Test {
  switch (condition.kind) {
    case "and":
    case "or": {
      const [left, right] = [bind(condition.left, binding), bind(condition.right, binding)];
      return condition.kind === "and" ? (item) => left(item) && right(item) : (item) => left(item) || right(item);
    }
    case "not": {
      const test = bind(condition.condition, binding);
      return (item) => !test(item);
    }
    case "comparison":
      return bindComparison(condition, binding);
    case "between":
      return bindBetween(condition, binding);
    case "in": {
      const read = bindOperand(condition.operand, binding);
      const candidates = condition.candidates.map((candidate) => bindOperand(candidate, binding));
      return (item) => {
        const value = read(item);
        return candidates.some((candidate) => isEqual(value, candidate(item)));
      };
    }
    default:
      return bindFunction(condition, binding);
  }
}

function bindComparison(
  { comparator, left, right }: Extract<Condition, { kind: "comparison" }>,
  binding: Binding,
): Test {
  const [readLeft, readRight] = [bindOperand(left, binding), bindOperand(right, binding)];
  // As on AWS, what is missing differs from everything.
  if (comparator === "=") return (item) => isEqual(readLeft(item), readRight(item));
  if (comparator === "<>") return (item) => !isEqual(readLeft(item), readRight(item));
  for (const operand of [left, right]) checkOrdered(comparator, operand, binding);
  const holds = orderings[comparator];
  return (item) => {
    const order = compareAny(readLeft(item), readRight(item));
    return order !== undefined && holds(order);
  };
}

const orderings: Readonly<Record<Exclude<Comparator, "=" | "<>">, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function bindBetween({ operand, lower, upper }: Extract<Condition, { kind: "between" }>, binding: Binding): Test {
  for (const bound of [operand, lower, upper]) checkOrdered("BETWEEN", bound, binding);
  const [from, to] = [literalOf(lower, binding), literalOf(upper, binding)];
  if (from !== undefined && to !== undefined) checkBounds(binding.kind, from, to);
  const [read, readLower, readUpper] = [operand, lower, upper].map((one) => bindOperand(one, binding)) as [
    Read,
    Read,
    Read,
  ];
  return (item) => {
    const value = read(item);
    const fromLower = compareAny(value, readLower(item));
    const fromUpper = compareAny(value, readUpper(item));
    return fromLower !== undefined && fromUpper !== undefined && fromLower >= 0 && fromUpper <= 0;
  };
}

function checkBounds(kind: ExpressionKind, lower: AttributeValue, upper: AttributeValue): void {
  const bounds = `lower bound operand: AttributeValue: ${show(lower)}, upper bound operand: AttributeValue: ${show(upper)}`;
  const order = compareValues(lower, upper);
  if (order === undefined) {
    throw expressionError(kind, `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if (order > 0) {
    throw expressionError(
      kind,
      `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
  }
}

function bindFunction({ name, operands }: Extract<Condition, { kind: "function" }>, binding: Binding): Test {
  const [first, second] = operands as [Operand, Operand];
  const read = bindOperand(first, binding);
  switch (name) {
    case "attribute_exists":
      return (item) => read(item) !== undefined;
    case "attribute_not_exists":
      return (item) => read(item) === undefined;
    case "attribute_type": {
      const type = readTypeName(second, binding);
      return (item) => {
        const value = read(item);
        return value !== undefined && typeOf(value) === type;
      };
    }
    case "begins_with":
      for (const operand of operands) checkTypes(name, operand, binding, ["S", "B"]);
      return bindPair(read, bindOperand(second, binding), beginsWith);
    default:
      return bindPair(read, bindOperand(second, binding), containsValue);
  }
}

function bindPair(readFirst: Read, readSecond: Read, holds: (a: AttributeValue, b: AttributeValue) => boolean): Test {
  return (item) => {
    const [first, second] = [readFirst(item), readSecond(item)];
    return first !== undefined && second !== undefined && holds(first, second);
  };
}

/** How the value of an operand is found in an item. */
export function bindOperand(operand: Operand, { placeholders, kind }: Binding): Read {
  if (operand.kind === "value") {
    const value = placeholders.valueOf(operand.name);
    return () => value;
  }
  if (operand.kind === "path") {
    const path = placeholders.resolve(operand.path);
    return (item) => valueAt(item, path);
  }
  const [inner] = operand.operands as [Operand];
  checkTypes("size", inner, { placeholders, kind }, ["S", "B", "SS", "NS", "BS", "L", "M"]);
  const read = bindOperand(inner, { placeholders, kind });
  return (item) => {
    const value = read(item);
    const size = value && sizeOf(value);
    return size === undefined ? undefined : { N: String(size) };
  };
}

function readTypeName(operand: Operand, binding: Binding): string {
  const value = literalOf(operand, binding);
  if (value === undefined || !("S" in value)) {
    const found = value === undefined ? "document path" : typeOf(value);
    throw expressionError(
      binding.kind,
      `Incorrect operand type for operator or function; operator or function: attribute_type, operand type: ${found}`,
    );
  }
  if (!attributeTypes.some((type) => type === value.S)) {
    throw expressionError(
      binding.kind,
      `Invalid attribute type name found; type: ${value.S}, valid types: {${attributeTypes.join(",")}}`,
    );
  }
  return value.S;
}

function literalOf(operand: Operand, { placeholders }: Binding): AttributeValue | undefined {
  return operand.kind === "value" ? placeholders.valueOf(operand.name) : undefined;
}

function checkOrdered(operator: string, operand: Operand, binding: Binding): void {
  const value = literalOf(operand, binding);
  if (value !== undefined && !isOrdered(value)) refuseType(operator, value, binding);
}

function checkTypes(operator: string, operand: Operand, binding: Binding, allowed: readonly string[]): void {
  const value = literalOf(operand, binding);
  if (value !== undefined && !allowed.includes(typeOf(value))) refuseType(operator, value, binding);
}

function refuseType(operator: string, value: AttributeValue, { kind }: Binding): never {
  throw expressionError(
    kind,
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(value)}`,
  );
}

function isEqual(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && equalValues(a, b);
}

function compareAny(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : compareValues(a, b);
}

/** `{S:text}` */
function show(value: AttributeValue): string {
  return `{${typeOf(value)}:${String(Object.values(value)[0])}}`;
}
