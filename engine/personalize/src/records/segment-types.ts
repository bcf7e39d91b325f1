import type { SchemaField } from "../schema/dataset-schema.ts";

/** The columns' types in Parquet. A float keeps all digits of its text: 4.2 must not be less than 4.2. */
export const SEGMENT_TYPES = {
  string: "VARCHAR",
  int: "INTEGER",
  long: "BIGINT",
  float: "DOUBLE",
  double: "DOUBLE",
  boolean: "BOOLEAN",
} as const satisfies Readonly<Record<SchemaField["type"], string>>;
