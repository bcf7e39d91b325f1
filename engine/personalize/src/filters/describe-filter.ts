import type { DatasetType } from "../schema/dataset-schema.ts";
import type {
  FilterCondition,
  FilterExpression,
  FilterLiteral,
  FilterParameter,
  ParsedFilter,
} from "./filter-expression.ts";

export interface FilterDescription {
  /** In the order in which they occur. */
  readonly datasets: readonly DatasetType[];
  /** Distinct, in the order in which they occur, as schemas spell them: `Items.GENRE`. A current user's are `Users.…`. */
  readonly fields: readonly string[];
  readonly parameters: readonly string[];
  /** Those whose values a request must give: EXCLUDE does without. */
  readonly requiredParameters: readonly string[];
  /** The request must name an item: for recipes of related items only. */
  readonly usesCurrentItem: boolean;
}

type Expression = FilterExpression<FilterLiteral | FilterParameter>;

type Condition = FilterCondition<FilterLiteral | FilterParameter>;

/** Which datasets, fields and parameters a filter uses. */
export function describeFilter({ expressions }: ParsedFilter): FilterDescription {
  const fields = new Set<string>();
  for (const { dataset, anyOf, ifAll } of expressions) {
    for (const { field, currentItem } of anyOf.flat()) {
      fields.add(nameOf(dataset, field));
      if (currentItem !== undefined) fields.add(nameOf("Items", currentItem));
    }
    for (const { field } of ifAll) fields.add(nameOf("Users", field));
  }
  return {
    datasets: [...new Set(Array.from(fields, (field) => field.slice(0, field.indexOf(".")) as DatasetType))],
    fields: [...fields],
    parameters: [...new Set(expressions.flatMap(parametersOf))],
    requiredParameters: [...new Set(expressions.filter(({ verb }) => verb === "INCLUDE").flatMap(parametersOf))],
    usesCurrentItem: expressions.some(({ anyOf }) => anyOf.flat().some(({ currentItem }) => currentItem !== undefined)),
  };
}

/** The names of an expression's parameters, each as often as it occurs. */
export function parametersOf({ anyOf, ifAll }: Expression): string[] {
  return [...anyOf.flat(), ...ifAll]
    .flatMap(({ values }: Condition) => values)
    .flatMap((value) => (typeof value === "object" ? [value.parameter] : []));
}

function nameOf(dataset: DatasetType, field: string): string {
  return `${dataset}.${field.toUpperCase()}`;
}
