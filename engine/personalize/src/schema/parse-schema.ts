import {
  DATASET_TYPES,
  type DatasetSchema,
  type DatasetType,
  type Domain,
  type FieldType,
  type SchemaField,
} from "./dataset-schema.ts";
import { SchemaError } from "./schema-error.ts";
import { type DatasetRules, type ReservedField, rulesOf } from "./schema-rules.ts";

const NAMESPACE = "com.amazonaws.personalize.schema";
const VERSION = "1.0";
const MAX_CHARACTERS = 20_000;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,149}$/;
const FIELD_TYPES: readonly FieldType[] = ["string", "int", "long", "float", "double", "boolean"];

/**
 * The schema that a text of CreateSchema defines: a flat Avro record by AWS's rules for the dataset and the domain.
 * https://docs.aws.amazon.com/personalize/latest/dg/how-it-works-dataset-schema.html
 * Throws SchemaError, which names the field, what it has and what it needs.
 */
export function parseSchema(text: string, { domain }: { readonly domain?: Domain } = {}): DatasetSchema {
  const record = parseRecord(text);
  const type = DATASET_TYPES.find((candidate) => candidate === record["name"]);
  if (type === undefined) {
    throw new SchemaError(
      `The name of the schema is ${quote(record["name"])}; it must be the dataset's type: ${DATASET_TYPES.join(", ")}.`,
    );
  }
  const rules = rulesOf(type, domain);
  if (rules === undefined) {
    throw new SchemaError(
      `The domain ${domain} has no ${type} dataset; such a schema must be created without a domain.`,
    );
  }
  const { fields } = record;
  if (!Array.isArray(fields) || fields.length === 0)
    throw new SchemaError("The schema's fields must be a list of fields.");
  const schema = { type, fields: fields.map((field: unknown, index) => parseField(field, index, type)) };
  checkNames(schema.fields);
  checkRequired(schema, rules);
  for (const field of schema.fields) checkReserved(field, ruleOf(rules, field));
  checkMetadata(schema, rules);
  return schema;
}

function parseRecord(text: string): Readonly<Record<string, unknown>> {
  if (text.length > MAX_CHARACTERS) {
    throw new SchemaError(`The schema has ${text.length} characters; at most ${MAX_CHARACTERS} are allowed.`);
  }
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new SchemaError(`The schema is not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(record)) throw new SchemaError("The schema must be a JSON object: an Avro record.");
  const expected = { type: "record", namespace: NAMESPACE, version: VERSION };
  for (const [key, value] of Object.entries(expected)) {
    if (record[key] !== value && !(key === "version" && record[key] === undefined)) {
      throw new SchemaError(`The ${key} of the schema is ${quote(record[key])}; it must be ${quote(value)}.`);
    }
  }
  return record;
}

function parseField(value: unknown, index: number, dataset: DatasetType): SchemaField {
  if (!isRecord(value)) throw new SchemaError(`Field ${index + 1} of the schema is not a JSON object.`);
  const { name } = value;
  if (typeof name !== "string" || !FIELD_NAME.test(name)) {
    throw new SchemaError(
      `The name ${quote(name)} of field ${index + 1} is not valid: letters, digits and underscores are, after a letter.`,
    );
  }
  const type = parseType(name, value["type"]);
  const flags = { categorical: readFlag(name, "categorical", value), textual: readFlag(name, "textual", value) };
  for (const [flag, isSet] of Object.entries(flags)) {
    if (isSet && type.type !== "string") {
      throw new SchemaError(`Field ${name} is ${flag} and of type ${type.type}; only strings can be ${flag}.`);
    }
  }
  if (flags.categorical && flags.textual)
    throw new SchemaError(`Field ${name} is categorical and textual; it can be one of them.`);
  if (flags.textual && dataset !== "Items") {
    throw new SchemaError(`Field ${name} is textual; only an Items schema can have textual fields.`);
  }
  return { name, ...type, isCategorical: flags.categorical, isTextual: flags.textual };
}

/** `"long"`, or a union with null: `["null", "string"]`. */
function parseType(name: string, value: unknown): Pick<SchemaField, "type" | "isNullable"> {
  const members: readonly unknown[] = Array.isArray(value) ? value : [value];
  const types = members.filter((member) => member !== "null");
  const type = FIELD_TYPES.find((candidate) => candidate === types[0]);
  if (type === undefined || types.length !== 1 || members.length > 2) {
    throw new SchemaError(
      `Field ${name} has the type ${quote(value)}; it must be one of ${FIELD_TYPES.join(", ")}, or a union of one of them with null. Nested types, arrays and maps are not supported.`,
    );
  }
  return { type, isNullable: members.length === 2 };
}

function readFlag(name: string, flag: string, field: Readonly<Record<string, unknown>>): boolean {
  const value = field[flag] ?? false;
  if (typeof value !== "boolean")
    throw new SchemaError(`${flag} of field ${name} is ${quote(value)}; it must be true or false.`);
  return value;
}

/** AWS takes GENRES_FIELD_1 and GENRESFIELD1 for the same field. */
function checkNames(fields: readonly SchemaField[]): void {
  const seen = new Map<string, string>();
  for (const { name } of fields) {
    const plain = name.replaceAll("_", "").toUpperCase();
    const other = seen.get(plain);
    if (other !== undefined) {
      throw new SchemaError(`The fields ${other} and ${name} must differ in more than case and underscores.`);
    }
    seen.set(plain, name);
  }
}

function checkRequired({ type, fields }: DatasetSchema, { reserved }: DatasetRules): void {
  const required = Object.keys(reserved).filter((name) => reserved[name].isRequired);
  const missing = required.filter((name) => !fields.some((field) => field.name === name));
  if (missing.length > 0) {
    throw new SchemaError(
      `The ${type} schema lacks the required field${missing.length > 1 ? "s" : ""} ${missing.join(", ")}.`,
    );
  }
}

function checkReserved(field: SchemaField, rule: ReservedField | undefined): void {
  if (rule === undefined) return;
  const { name } = field;
  if (!rule.types.includes(field.type)) {
    const [type] = rule.types;
    throw new SchemaError(
      `Field ${name} must be of type ${rule.types.join(" or ")}, not ${field.type}: write {"name": "${name}", "type": "${type}"}.`,
    );
  }
  if (field.isNullable && rule.mayBeNull !== true)
    throw new SchemaError(`Field ${name} cannot be null: its type is ${rule.types[0]} alone.`);
  const flag = field.isCategorical ? "categorical" : field.isTextual ? "textual" : undefined;
  if (flag === rule.flag) return;
  const needed = rule.flag === undefined ? "neither categorical nor textual" : rule.flag;
  throw new SchemaError(`Field ${name} is ${flag ?? "not flagged"}; this reserved field must be ${needed}.`);
}

/** A field may have any name, "constructor" too. */
function ruleOf({ reserved }: DatasetRules, { name }: SchemaField): ReservedField | undefined {
  return Object.hasOwn(reserved, name) ? reserved[name] : undefined;
}

function checkMetadata({ type, fields }: DatasetSchema, rules: DatasetRules): void {
  const { reserved, minMetadata, maxMetadata } = rules;
  const count = fields
    .map((field) => ruleOf(rules, field))
    .filter((rule) => rule === undefined || rule.isMetadata).length;
  if (count < minMetadata) {
    throw new SchemaError(
      `The ${type} schema has no metadata field; it needs at least ${minMetadata} besides ${Object.keys(reserved).join(", ")}.`,
    );
  }
  if (count > maxMetadata) {
    throw new SchemaError(`The ${type} schema has ${count} metadata fields; at most ${maxMetadata} are allowed.`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function quote(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
