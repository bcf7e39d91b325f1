import { type AttributeValue, typeOf } from "../attribute-value.ts";
import { type KeyAttribute, type KeySchema, keyBytes, partitionOf } from "../item-key.ts";
import { afterKey, endOfPrefix } from "../key-range.ts";
import { invalidParameter, validationError } from "../validation-error.ts";
import { expressionError } from "./expression-error.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Condition, Operand, ParsedExpression } from "./syntax-tree.ts";

/** The keys of a table or index that a key condition asks for: from `from` up to but without `to`. */
export interface KeyRange {
  readonly from: Buffer;
  readonly to: Buffer;
}

interface KeyTest {
  readonly attribute: string;
  readonly operator: string;
  readonly values: readonly AttributeValue[];
}

/** One `=` on the hash key, and perhaps one comparison of the range key. Throws ValidationException for anything else. */
export function bindKeyCondition(
  parsed: ParsedExpression<Condition>,
  key: KeySchema,
  placeholders: Placeholders,
): KeyRange {
  placeholders.use(parsed);
  const tests = conjuncts(parsed.tree).map((condition) => readTest(condition, placeholders));
  const attributes = tests.map(({ attribute }) => attribute);
  if (new Set(attributes).size < attributes.length) {
    throw validationError("KeyConditionExpressions must only contain one condition per key");
  }
  if (tests.length > 2) {
    throw validationError("Conditions can be of length 1 or 2 only");
  }
  const hash = tests.find(({ attribute }) => attribute === key.hash.name);
  const range = tests.find(({ attribute }) => attribute === key.range?.name);
  if (hash === undefined) throw validationError(`Query condition missed key schema element: ${key.hash.name}`);
  if (tests.length === 2 && range === undefined) {
    throw validationError(`Query condition missed key schema element: ${key.range?.name ?? key.hash.name}`);
  }
  if (hash.operator !== "=") throw validationError("Query key condition not supported");
  checkValues(hash, key.hash);
  const partition = partitionOf(hash.values[0] as AttributeValue);
  if (range === undefined || key.range === undefined) return { from: partition, to: endOfPrefix(partition) };
  checkValues(range, key.range);
  return rangeOf(partition, range);
}

/** Strings and bytes that begin with a prefix, and everything in between, are ranges of bytes. */
function rangeOf(partition: Buffer, { operator, values }: KeyTest): KeyRange {
  const [first, last] = values.map((value) => Buffer.concat([partition, keyBytes(value)])) as [Buffer, Buffer];
  const whole = { from: partition, to: endOfPrefix(partition) };
  switch (operator) {
    case "=":
      return { from: first, to: afterKey(first) };
    case "<":
      return { ...whole, to: first };
    case "<=":
      return { ...whole, to: afterKey(first) };
    case ">":
      return { ...whole, from: afterKey(first) };
    case ">=":
      return { ...whole, from: first };
    case "BETWEEN":
      return { from: first, to: afterKey(last) };
    default:
      return { from: first, to: endOfPrefix(first) };
  }
}

function conjuncts(condition: Condition): Condition[] {
  if (condition.kind === "and") return [...conjuncts(condition.left), ...conjuncts(condition.right)];
  if (condition.kind === "or" || condition.kind === "not" || condition.kind === "in") {
    throw invalidOperator(condition.kind.toUpperCase());
  }
  return [condition];
}

function readTest(condition: Condition, placeholders: Placeholders): KeyTest {
  if (condition.kind === "comparison") {
    if (condition.comparator === "<>") throw invalidOperator("<>");
    const isTurned = condition.left.kind === "value";
    const [path, value] = isTurned ? [condition.right, condition.left] : [condition.left, condition.right];
    const operator = isTurned ? (turned[condition.comparator] ?? condition.comparator) : condition.comparator;
    return { attribute: attributeName(path, placeholders), operator, values: [literal(value, placeholders)] };
  }
  if (condition.kind === "between") {
    const values = [literal(condition.lower, placeholders), literal(condition.upper, placeholders)];
    return { attribute: attributeName(condition.operand, placeholders), operator: "BETWEEN", values };
  }
  if (condition.kind === "function" && condition.name === "begins_with") {
    const [path, value] = condition.operands as [Operand, Operand];
    return {
      attribute: attributeName(path, placeholders),
      operator: "begins_with",
      values: [literal(value, placeholders)],
    };
  }
  throw invalidOperator(condition.kind === "function" ? condition.name : condition.kind);
}

const turned: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function attributeName(operand: Operand, placeholders: Placeholders): string {
  if (operand.kind !== "path") {
    throw expressionError("KeyConditionExpression", "No key attribute specified");
  }
  if (operand.path.length > 1) {
    throw expressionError(
      "KeyConditionExpression",
      "KeyConditionExpressions cannot have conditions on nested attributes",
    );
  }
  return placeholders.resolve(operand.path)[0];
}

function literal(operand: Operand, placeholders: Placeholders): AttributeValue {
  if (operand.kind === "value") return placeholders.valueOf(operand.name);
  throw expressionError("KeyConditionExpression", "Multiple attribute names used in one condition");
}

function invalidOperator(operator: string): Error {
  return validationError(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function checkValues({ operator, values }: KeyTest, { name, type }: KeyAttribute): void {
  for (const value of values) {
    if (operator === "begins_with" && type === "N") {
      throw expressionError(
        "KeyConditionExpression",
        "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
      );
    }
    if (typeOf(value) !== type) throw invalidParameter("Condition parameter type does not match schema type");
    if (keyBytes(value).byteLength === 0) {
      throw invalidParameter(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an " +
          `empty ${type === "B" ? "binary" : "string"} value. Key: ${name}`,
      );
    }
  }
  const [lower, upper] = values;
  if (upper !== undefined && lower !== undefined && Buffer.compare(keyBytes(lower), keyBytes(upper)) > 0) {
    throw expressionError(
      "KeyConditionExpression",
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; " +
        `lower bound operand: AttributeValue: {${type}:${Object.values(lower)[0]}}, ` +
        `upper bound operand: AttributeValue: {${type}:${Object.values(upper)[0]}}`,
    );
  }
}
