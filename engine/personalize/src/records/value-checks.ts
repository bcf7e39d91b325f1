import type { SchemaField } from "../schema/dataset-schema.ts";
import { identifier } from "./duckdb.ts";
import { SEGMENT_TYPES } from "./segment-types.ts";

/** A condition under which a text of a CSV file cannot be a value of its column. */
export interface ValueCheck {
  readonly column: string;
  readonly reason: string;
  /** In SQL, over the columns as texts: true for values that are refused. Never null. */
  readonly isRefused: string;
}

const MAX_ID = 256;
const MAX_CATEGORY = 1000;
const MAX_TEXT = 20_000;
/** The end of the year 9999. What is larger was meant in milliseconds. */
const MAX_SECONDS = 253_402_300_799;

const ID_COLUMNS = new Set(["USER_ID", "ITEM_ID", "ACTION_ID"]);
const TIME_COLUMNS = new Set(["TIMESTAMP", "CREATION_TIMESTAMP", "EXPIRATION_TIMESTAMP"]);

/** What AWS asks of the values of a column; https://docs.aws.amazon.com/personalize/latest/dg/limits.html */
export function valueChecks(field: SchemaField): readonly ValueCheck[] {
  const { name } = field;
  const text = identifier(name);
  const checks: [reason: string, isRefused: string][] = field.isNullable ? [] : [["is missing", `${text} is null`]];
  const isPresent = `${text} is not null and`;
  switch (field.type) {
    case "string": {
      const limit = maxCharacters(field);
      checks.push([`has more than ${limit} characters`, `${isPresent} length(${text}) > ${limit}`]);
      break;
    }
    case "int":
    case "long": {
      const isWhole = `regexp_full_match(${text}, '[+-]?[0-9]+') and try_cast(${text} as ${SEGMENT_TYPES[field.type]}) is not null`;
      checks.push([`is not a whole number of type ${field.type}`, `${isPresent} not (${isWhole})`]);
      break;
    }
    case "float":
    case "double":
      checks.push(["is not a number", `${isPresent} not coalesce(isfinite(try_cast(${text} as DOUBLE)), false)`]);
      break;
    case "boolean":
      checks.push(["is neither true nor false", `${isPresent} lower(${text}) not in ('true', 'false')`]);
      break;
  }
  if (TIME_COLUMNS.has(name)) {
    const isTime = `coalesce(try_cast(${text} as DOUBLE) between 0 and ${MAX_SECONDS}, false)`;
    checks.push(["is not a time in seconds since 1970", `${isPresent} not ${isTime}`]);
  }
  return checks.map(([reason, isRefused]) => ({ column: name, reason, isRefused: `(${isRefused})` }));
}

/** A text that passed its column's checks as a value of the column's type. */
export function typedValue({ name, type }: SchemaField): string {
  const text = identifier(name);
  return type === "string" ? text : `cast(${text} as ${SEGMENT_TYPES[type]}) as ${text}`;
}

function maxCharacters({ name, isTextual }: SchemaField): number {
  if (ID_COLUMNS.has(name)) return MAX_ID;
  return isTextual ? MAX_TEXT : MAX_CATEGORY;
}
