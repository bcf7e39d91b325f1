import type { DatasetSchema, DatasetType, SchemaField } from "../schema/dataset-schema.ts";
import { FilterError, invalidSymbol } from "./filter-error.ts";
import {
  type FilterCondition,
  type FilterLiteral,
  type FilterParameter,
  isOrder,
  type ParsedFilter,
} from "./filter-expression.ts";

export type DatasetSchemas = Readonly<Partial<Record<DatasetType, DatasetSchema>>>;

type Condition = FilterCondition<FilterLiteral | FilterParameter>;

/** Personalize applies them by itself; https://docs.aws.amazon.com/personalize/latest/dg/filter-expression-guidelines-requirements.html */
const RESERVED_OF_ACTIONS = ["EXPIRATION_TIMESTAMP", "REPEAT_FREQUENCY"];

/**
 * Checks a filter against the datasets of its group: they exist and have the fields, no field is boolean or free text, and numbers are compared with numbers.
 * Throws FilterError.
 */
export function checkFilter({ expressions }: ParsedFilter, schemas: DatasetSchemas): void {
  for (const { dataset, anyOf, ifAll } of expressions) {
    for (const condition of anyOf.flat()) checkCondition(condition, dataset, schemas);
    for (const condition of ifAll) checkCondition(condition, "Users", schemas);
  }
}

function checkCondition(condition: Condition, dataset: DatasetType, schemas: DatasetSchemas): void {
  const { at, currentItem, field: name, operator, values } = condition;
  const field = findField(schemas, dataset, { name, at });
  const isNumber = field.type !== "string";
  if (!isNumber && isOrder(operator)) {
    throw invalidSymbol(name, at, `${operator} compares numbers, and ${dataset}.${field.name} is a string.`);
  }
  if (currentItem !== undefined) {
    const other = findField(schemas, "Items", { name: currentItem, at });
    if ((other.type !== "string") !== isNumber) {
      throw invalidSymbol(
        name,
        at,
        `${field.name} is a ${field.type} and cannot be compared with ${other.name}, a ${other.type}.`,
      );
    }
  }
  const text = values.find((value) => typeof value === "string" && Number.isNaN(Number(value)));
  if (isNumber && text !== undefined) {
    throw invalidSymbol(name, at, `${dataset}.${field.name} is a ${field.type} and cannot be compared with "${text}".`);
  }
}

function findField(
  schemas: DatasetSchemas,
  dataset: DatasetType,
  { name, at }: { readonly name: string; readonly at: number },
): SchemaField {
  const schema = schemas[dataset];
  if (schema === undefined) {
    throw new FilterError(
      `Invalid Expression: the dataset group has no ${dataset} dataset, whose ${name} the filter uses.`,
    );
  }
  const field = schema.fields.find((one) => one.name.toUpperCase() === name.toUpperCase());
  if (field === undefined) {
    const names = schema.fields.map((one) => one.name).join(", ");
    throw invalidSymbol(name, at, `The ${dataset} dataset has no such field, only ${names}.`);
  }
  if (field.type === "boolean") {
    throw invalidSymbol(
      name,
      at,
      "Boolean fields cannot be filtered. Use a string with True and False, or an int with 0 and 1.",
    );
  }
  if (field.isTextual) throw invalidSymbol(name, at, "Textual fields cannot be filtered.");
  if (dataset === "Actions" && RESERVED_OF_ACTIONS.includes(field.name.toUpperCase())) {
    throw invalidSymbol(name, at, "It is applied to every answer and cannot be filtered.");
  }
  return field;
}
