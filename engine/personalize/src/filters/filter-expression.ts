import type { DatasetType } from "../schema/dataset-schema.ts";

export const FILTER_SUBJECTS = ["ItemID", "UserID", "ActionID"] as const;

/** What a filter admits or keeps out: items of recommendations, users of segments, actions. */
export type FilterSubject = (typeof FILTER_SUBJECTS)[number];

export type FilterVerb = "INCLUDE" | "EXCLUDE";

export type FilterOperator = "IN" | "NOT IN" | "=" | "!=" | OrderOperator;

/** They compare numbers. */
export type OrderOperator = "<" | "<=" | ">" | ">=";

export function isOrder(operator: FilterOperator): operator is OrderOperator {
  return operator.startsWith("<") || operator.startsWith(">");
}

export type FilterLiteral = string | number;

/** `$GENRES`: its values come with the request. */
export interface FilterParameter {
  readonly parameter: string;
}

/** A filter as it was written, or with `Value` = `FilterLiteral` with the values of a request. */
export interface Filter<Value> {
  readonly subject: FilterSubject;
  /** What several of one verb say is united; what EXCLUDE says is taken from what INCLUDE says. */
  readonly expressions: readonly FilterExpression<Value>[];
}

export type ParsedFilter = Filter<FilterLiteral | FilterParameter>;

export type BoundFilter = Filter<FilterLiteral>;

export interface FilterExpression<Value> {
  readonly verb: FilterVerb;
  /** Of all its conditions. */
  readonly dataset: DatasetType;
  /** One of the lists must hold, and of that each condition: AND binds before OR. */
  readonly anyOf: readonly (readonly FilterCondition<Value>[])[];
  /** Of the current user: unless all hold, the expression says nothing. */
  readonly ifAll: readonly FilterCondition<Value>[];
}

export interface FilterCondition<Value> {
  /** As it was written; schemas spell it in upper case. */
  readonly field: string;
  readonly operator: FilterOperator;
  /** IN and NOT IN have many, the others one; none with `currentItem`. */
  readonly values: readonly Value[];
  /** The field of the request's item that the values come from. */
  readonly currentItem?: string;
  /** Where the condition begins, in characters from 0. */
  readonly at: number;
}
