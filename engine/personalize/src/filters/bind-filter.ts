import { describeFilter, parametersOf } from "./describe-filter.ts";
import { FilterError } from "./filter-error.ts";
import {
  type BoundFilter,
  type FilterCondition,
  type FilterExpression,
  type FilterLiteral,
  type FilterParameter,
  isOrder,
  type ParsedFilter,
} from "./filter-expression.ts";
import { unquote } from "./tokenize-filter.ts";

/** By the parameters' names, as GetRecommendations has them: `{ GENRES: "\"horror\",\"comedy\"" }`. */
export type FilterValues = Readonly<Record<string, string>>;

type Literals = ReadonlyMap<string, readonly FilterLiteral[]>;

const VALUE = /\s*(?:(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))\s*(?:,|$)/sy;

/**
 * Puts the values of a request in the place of a filter's parameters. An EXCLUDE expression whose values are missing is left out, as AWS does. Throws
 * FilterError for a missing value of an INCLUDE, an unknown parameter, and values that are no quoted texts or numbers.
 */
export function bindFilter(filter: ParsedFilter, values: FilterValues = {}): BoundFilter {
  const { parameters, requiredParameters } = describeFilter(filter);
  for (const name of Object.keys(values)) {
    if (!parameters.includes(name)) throw unknownParameter(name, parameters);
  }
  const missing = requiredParameters.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw new FilterError(
      `filterValues is missing ${missing.join(", ")}: an INCLUDE needs a value for each parameter.`,
    );
  }
  const literals = new Map(Object.entries(values).map(([name, value]) => [name, parseFilterValue(name, value)]));
  const isComplete = (expression: FilterExpression<FilterLiteral | FilterParameter>): boolean =>
    parametersOf(expression).every((name) => literals.has(name));
  return {
    subject: filter.subject,
    expressions: filter.expressions.filter(isComplete).map((expression) => ({
      ...expression,
      anyOf: expression.anyOf.map((conditions) => conditions.map((condition) => bindCondition(condition, literals))),
      ifAll: expression.ifAll.map((condition) => bindCondition(condition, literals)),
    })),
  };
}

function bindCondition(
  condition: FilterCondition<FilterLiteral | FilterParameter>,
  literals: Literals,
): FilterCondition<FilterLiteral> {
  const values = condition.values.flatMap((value) =>
    typeof value === "object" ? checkOperand(condition, value.parameter, literals.get(value.parameter) ?? []) : [value],
  );
  return { ...condition, values };
}

function checkOperand(
  { operator }: FilterCondition<unknown>,
  name: string,
  values: readonly FilterLiteral[],
): readonly FilterLiteral[] {
  if (operator === "IN") return values;
  if (values.length !== 1) {
    throw new FilterError(`filterValues.${name} has ${values.length} values, and ${operator} compares with one.`);
  }
  if (isOrder(operator) && Number.isNaN(Number(values[0]))) {
    throw new FilterError(`filterValues.${name} is ${JSON.stringify(values[0])}, and ${operator} compares numbers.`);
  }
  return values;
}

/** `"horror","comedy"` or `20`. */
function parseFilterValue(name: string, value: string): FilterLiteral[] {
  const literals: FilterLiteral[] = [];
  VALUE.lastIndex = 0;
  for (;;) {
    const at = VALUE.lastIndex;
    const groups = VALUE.exec(value)?.groups;
    if (groups === undefined) {
      throw new FilterError(
        `filterValues.${name} cannot be read at character ${at + 1} of ${value}. Put each text into double quotes and commas between them: "\\"one\\",\\"two\\"".`,
      );
    }
    literals.push(groups.text === undefined ? Number(groups.number) : unquote(groups.text));
    if (VALUE.lastIndex >= value.length) break;
  }
  return literals;
}

function unknownParameter(name: string, parameters: readonly string[]): FilterError {
  const known = parameters.length === 0 ? "none" : parameters.join(", ");
  return new FilterError(`filterValues has ${name}, and the filter's parameters are: ${known} (case counts).`);
}
