import type { DatasetSchema, SchemaField } from "@rondo/personalize";
import { awsError } from "@rondo/wire";

/**
 * Throws InvalidInputException unless a dataset's schema can be replaced by the other one: one of items or users, with all the fields that there are and
 * perhaps more, which may be null. https://docs.aws.amazon.com/personalize/latest/dg/updating-dataset-schema.html
 */
export function checkReplacement(present: DatasetSchema, next: DatasetSchema): void {
  if (present.type !== "Items" && present.type !== "Users") {
    throw invalid(`The schema of a dataset of type ${present.type} cannot be replaced; that of Items and Users can.`);
  }
  if (next.type !== present.type)
    throw invalid(`The schema is one of ${next.type}; the dataset is of type ${present.type}.`);
  for (const field of present.fields) {
    const kept = next.fields.find(({ name }) => name === field.name);
    if (kept === undefined) throw invalid(`The new schema lacks the field ${field.name}; it must keep all fields.`);
    if (!isSame(field, kept))
      throw invalid(`The new schema changes the field ${field.name}; it must keep type and attributes.`);
  }
  for (const field of next.fields) {
    const isNew = !present.fields.some(({ name }) => name === field.name);
    if (isNew && !field.isNullable) {
      throw invalid(`The new field ${field.name} must support null: write "type": ["null", "${field.type}"].`);
    }
  }
}

function isSame(one: SchemaField, other: SchemaField): boolean {
  const { type, isNullable, isCategorical, isTextual } = one;
  return (
    type === other.type &&
    isNullable === other.isNullable &&
    isCategorical === other.isCategorical &&
    isTextual === other.isTextual
  );
}

function invalid(message: string): Error {
  return awsError("InvalidInputException", message);
}
