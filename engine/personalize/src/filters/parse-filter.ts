import { DATASET_TYPES, type DatasetType } from "../schema/dataset-schema.ts";
import { describeFilter } from "./describe-filter.ts";
import { FilterError, invalidSymbol } from "./filter-error.ts";
import {
  FILTER_SUBJECTS,
  type FilterCondition,
  type FilterExpression,
  type FilterLiteral,
  type FilterParameter,
  type FilterSubject,
  type FilterVerb,
  type ParsedFilter,
} from "./filter-expression.ts";
import { type FilterReader, readFilter, takeOneOf } from "./filter-reader.ts";
import { parseCondition } from "./parse-condition.ts";

type Value = FilterLiteral | FilterParameter;

/** Distinct fields of one filter; https://docs.aws.amazon.com/personalize/latest/dg/filter-expression-guidelines-requirements.html */
export const FILTER_FIELDS = 10;

/** Distinct fields of all filters of a dataset group. */
export const FILTER_FIELDS_OF_GROUP = 20;

/** Which datasets tell about what is filtered. */
const DATASETS_OF: Readonly<Record<FilterSubject, readonly DatasetType[]>> = {
  ItemID: ["Items", "Interactions"],
  UserID: ["Users", "Interactions"],
  ActionID: ["Actions", "Action_Interactions"],
};

/**
 * Reads a filter expression: `INCLUDE ItemID WHERE Items.GENRE IN ("drama", $GENRE) IF CurrentUser.AGE > 17 | EXCLUDE …`.
 * Words, datasets and fields match without regard to case. Throws FilterError with the place.
 * https://docs.aws.amazon.com/personalize/latest/dg/creating-filter-expressions.html
 */
export function parseFilter(expression: string): ParsedFilter {
  const reader = readFilter(expression);
  const first = parseExpression(reader);
  const expressions = [first.expression];
  while (reader.take("sign", "|") !== undefined) {
    const from = reader.peek();
    const next = parseExpression(reader);
    if (next.subject !== first.subject) {
      throw invalidSymbol(next.subject, from.at, `All expressions of a filter are about ${first.subject}.`);
    }
    expressions.push(next.expression);
  }
  if (reader.peek().kind !== "end") throw reader.unexpected("AND, OR, IF, | or the end");
  const filter = { subject: first.subject, expressions };
  const { fields } = describeFilter(filter);
  if (fields.length > FILTER_FIELDS) {
    throw new FilterError(
      `The filter uses ${fields.length} fields, and at most ${FILTER_FIELDS} are allowed: ${fields.join(", ")}.`,
    );
  }
  return filter;
}

function parseExpression(reader: FilterReader): {
  readonly subject: FilterSubject;
  readonly expression: FilterExpression<Value>;
} {
  const verb = takeOneOf<FilterVerb>(reader, ["INCLUDE", "EXCLUDE"]);
  const subject = takeOneOf(reader, FILTER_SUBJECTS);
  reader.need("word", "WHERE");
  const from = reader.peek();
  const dataset = takeOneOf(reader, DATASET_TYPES);
  if (!DATASETS_OF[subject].includes(dataset)) {
    throw invalidSymbol(from.symbol, from.at, `${subject} is filtered by ${DATASETS_OF[subject].join(" or ")}.`);
  }
  const anyOf: FilterCondition<Value>[][] = [[parseCondition(reader, dataset, from.at)]];
  for (;;) {
    if (reader.take("word", "OR") !== undefined) anyOf.push([]);
    else if (reader.take("word", "AND") === undefined) break;
    const { symbol, at } = reader.peek();
    if (reader.take("word", dataset) === undefined) {
      throw invalidSymbol(
        symbol,
        at,
        `Expected ${dataset}: the conditions of an expression are about one dataset; chain expressions with | for several.`,
      );
    }
    anyOf.at(-1)?.push(parseCondition(reader, dataset, at));
  }
  return { subject, expression: { verb, dataset, anyOf, ifAll: parseIf(reader, subject) } };
}

function parseIf(reader: FilterReader, subject: FilterSubject): FilterCondition<Value>[] {
  const word = reader.take("word", "IF");
  if (word === undefined) return [];
  if (subject === "UserID")
    throw invalidSymbol(word.symbol, word.at, "There is no current user where users are filtered.");
  const conditions: FilterCondition<Value>[] = [];
  do {
    const { at } = reader.need("word", "CurrentUser");
    conditions.push(parseCondition(reader, "Users", at));
  } while (reader.take("word", "AND") !== undefined);
  return conditions;
}
