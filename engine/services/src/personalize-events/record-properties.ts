import type { DatasetSchema, SchemaField } from "@rondo/personalize";
import type { DatasetRecordContent } from "@rondo/store";
import { type AwsError, awsError } from "@rondo/wire";

type Value = DatasetRecordContent[string];

/** Reads `properties`, a JSON object whose keys are the schema's columns in camel case: `{"numberOfRatings": "12"}`. */
export interface PropertyReader {
  /**
   * Values by columns. Throws InvalidInputException for what is no such object or no value of its column; for unknown keys unless `ignoresUnknown`.
   */
  read(properties: unknown, where: string, options?: { readonly ignoresUnknown: boolean }): DatasetRecordContent;
  /** Throws InvalidInputException when a column that may not be null is missing in a whole record. */
  checkComplete(content: DatasetRecordContent, where: string): void;
}

export function createPropertyReader({ type, fields }: DatasetSchema): PropertyReader {
  const byKey = new Map(fields.map((field) => [normalize(field.name), field]));
  const required = fields.filter(({ isNullable, name }) => !isNullable && name !== "USER_ID").map(({ name }) => name);
  return {
    read(properties, where, { ignoresUnknown } = { ignoresUnknown: false }) {
      const content: Record<string, Value> = {};
      for (const [key, value] of Object.entries(parseObject(properties, where))) {
        const field = byKey.get(normalize(key));
        if (field !== undefined) content[field.name] = readValue(field, value, `${where}.${key}`);
        else if (!ignoresUnknown) throw invalid(where, `has ${key}, and the schema of ${type} has no such column`);
      }
      return content;
    },
    checkComplete(content, where) {
      const missing = required.filter((name) => content[name] === undefined || content[name] === null);
      if (missing.length === 0) return;
      throw invalid(where, `is missing ${missing.join(", ")}, which the schema of ${type} requires`);
    },
  };
}

/** `numberOfRatings`, `NUMBER_OF_RATINGS` and `categoryL1`, `CATEGORY_L1` are the same. */
export function normalize(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** The SDK sends text; what it reads as JSON may be an object already. */
export function parseObject(properties: unknown, where: string): Readonly<Record<string, unknown>> {
  const parsed = typeof properties === "object" ? properties : parseJson(String(properties), where);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw invalid(where, "is no JSON object");
  return parsed as Readonly<Record<string, unknown>>;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(where, "is not valid JSON");
  }
}

function readValue({ type, isNullable }: SchemaField, value: unknown, where: string): Value {
  if (value === null && isNullable) return null;
  if (typeof value === "object" && value !== null)
    throw invalid(where, "is no text, number or boolean; join several categories by |");
  if (type === "string") {
    if (value === null) throw invalid(where, "is null, and the schema's column may not be");
    return String(value);
  }
  const read = type === "boolean" ? readBoolean(value) : readNumber(value, type);
  if (read === undefined) throw invalid(where, `is ${JSON.stringify(value)}, and the schema says ${type}`);
  return read;
}

function readBoolean(value: unknown): boolean | undefined {
  const text = String(value).toLowerCase();
  return text === "true" || text === "false" ? text === "true" : undefined;
}

function readNumber(value: unknown, type: SchemaField["type"]): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const number = Number(value);
  const isWhole = type === "int" || type === "long";
  return Number.isFinite(number) && (!isWhole || Number.isInteger(number)) ? number : undefined;
}

function invalid(where: string, what: string): AwsError {
  return awsError("InvalidInputException", `${where} ${what}.`);
}
