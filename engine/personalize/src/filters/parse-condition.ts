import type { DatasetType } from "../schema/dataset-schema.ts";
import { invalidSymbol } from "./filter-error.ts";
import {
  type FilterCondition,
  type FilterLiteral,
  type FilterOperator,
  type FilterParameter,
  isOrder,
} from "./filter-expression.ts";
import { type FilterReader, takeWord } from "./filter-reader.ts";

type Value = FilterLiteral | FilterParameter;

const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="] as const;

/** `.FIELD op value`, behind the dataset, which begins at `at`. Throws FilterError. */
export function parseCondition(reader: FilterReader, dataset: DatasetType, at: number): FilterCondition<Value> {
  reader.need("sign", ".");
  const field = takeWord(reader, `a field of ${dataset}`);
  const isEvent = dataset === "Interactions" || dataset === "Action_Interactions";
  if (isEvent && field.value.toUpperCase() !== "EVENT_TYPE") {
    throw invalidSymbol(field.symbol, field.at, `${dataset} can be filtered by EVENT_TYPE only.`);
  }
  const operator = parseOperator(reader);
  if (isEvent && isOrder(operator)) {
    throw invalidSymbol(operator, field.at, "Event types are compared by IN, NOT IN, = and != only.");
  }
  const condition = { field: field.value, operator, at };
  const current = reader.take("word", "CurrentItem");
  if (current !== undefined) {
    if (dataset !== "Items")
      throw invalidSymbol(current.symbol, current.at, "CurrentItem is compared with fields of Items only.");
    reader.need("sign", ".");
    return { ...condition, values: [], currentItem: takeWord(reader, "a field of Items").value };
  }
  const isList = operator === "IN" || operator === "NOT IN";
  return { ...condition, values: isList ? parseList(reader, condition) : [parseOne(reader, condition)] };
}

function parseOperator(reader: FilterReader): FilterOperator {
  if (reader.take("word", "IN") !== undefined) return "IN";
  if (reader.take("word", "NOT") !== undefined) {
    reader.need("word", "IN");
    return "NOT IN";
  }
  const operator = COMPARISONS.find((sign) => reader.take("sign", sign) !== undefined);
  if (operator === undefined) throw reader.unexpected(`IN, NOT IN, ${COMPARISONS.join(", ")}`);
  return operator;
}

type ConditionStart = Pick<FilterCondition<Value>, "field" | "operator">;

function parseList(reader: FilterReader, condition: ConditionStart): Value[] {
  reader.need("sign", "(");
  const values = [parseValue(reader, condition)];
  while (reader.take("sign", ",") !== undefined) values.push(parseValue(reader, condition));
  if (reader.take("sign", ")") === undefined) throw reader.unexpected(", or )");
  return values;
}

/** The guide writes `> $VALUE` and `> ($VALUE)`. */
function parseOne(reader: FilterReader, condition: ConditionStart): Value {
  const isOpen = reader.take("sign", "(") !== undefined;
  const { symbol, at } = reader.peek();
  const value = parseValue(reader, condition);
  if (
    isOrder(condition.operator) &&
    typeof value === "string" &&
    (value.trim() === "" || Number.isNaN(Number(value)))
  ) {
    throw invalidSymbol(symbol, at, `${condition.operator} compares numbers.`);
  }
  if (isOpen) reader.need("sign", ")");
  return value;
}

function parseValue(reader: FilterReader, { field, operator }: ConditionStart): Value {
  const { symbol, at } = reader.peek();
  const number = reader.take("number");
  if (number !== undefined) return Number(number.value);
  const parameter = reader.take("parameter");
  if (parameter !== undefined) {
    if (operator !== "NOT IN") return { parameter: parameter.value };
    throw invalidSymbol(
      symbol,
      at,
      "Placeholders are not allowed with NOT_IN operator. Use IN with the opposite of INCLUDE or EXCLUDE.",
    );
  }
  const text = reader.take("text") ?? reader.take("sign", "*");
  if (text === undefined) throw reader.unexpected("a text in double quotes, a number or a parameter");
  if (text.value === "*" && field.toUpperCase() !== "EVENT_TYPE") {
    throw invalidSymbol(symbol, at, "* is for EVENT_TYPE only: texts match exactly.");
  }
  return text.value;
}
