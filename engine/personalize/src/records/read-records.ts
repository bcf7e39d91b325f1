import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { SchemaField } from "../schema/dataset-schema.ts";
import { type DuckDb, identifier } from "./duckdb.ts";
import type { Column, Records } from "./records.ts";

/**
 * The rows of a statement as columns. The dictionaries of its texts are made by DuckDB, on all threads, so that only the codes of most rows come into
 * JavaScript. Uses tables of its own names.
 */
export async function readRecords(
  database: DuckDb,
  statement: string,
  fields: readonly SchemaField[],
): Promise<Records> {
  await database.run(`create or replace temp table record as ${statement}`);
  const [{ count }] = await database.rows<{ count: number }>("select count(*)::DOUBLE as count from record");
  const columns: Record<string, Column> = {};
  const selected: string[] = [];
  const joins: string[] = [];
  for (const [index, { name, type }] of fields.entries()) {
    const column = `record.${identifier(name)}`;
    if (type !== "string") {
      columns[name] = { kind: "number", values: new Float64Array(count) };
      selected.push(`coalesce(${column}::DOUBLE, 'nan'::DOUBLE)`);
      continue;
    }
    const table = `dictionary_${index}`;
    columns[name] = {
      kind: "text",
      values: await makeDictionary(database, table, column),
      codes: new Int32Array(count),
    };
    selected.push(`coalesce(${table}.code, -1)`);
    joins.push(`left join ${table} on ${table}.value = ${column}`);
  }
  const read = `select ${selected.join(", ")} from record ${joins.join(" ")} order by record.rowid`;
  let start = 0;
  for await (const chunk of database.chunks(read)) {
    for (const [index, { name }] of fields.entries()) fill(columns[name], chunk, { index, start });
    start += chunk.rowCount;
  }
  return { count, columns };
}

/** A table of a column's values with their codes; returns the values in the order of the codes. */
async function makeDictionary(database: DuckDb, table: string, column: string): Promise<string[]> {
  await database.run(
    `create or replace temp table ${table} as
     select value, (row_number() over (order by first) - 1)::INTEGER as code
     from (select ${column} as value, min(rowid) as first from record where ${column} is not null group by 1)`,
  );
  const values: string[] = [];
  for await (const chunk of database.chunks(`select value from ${table} order by code`)) {
    for (const value of chunk.getColumnValues(0)) values.push(value as string);
  }
  return values;
}

/** Copies a chunk's column of numbers; there are no nulls in it. */
function fill(
  column: Column,
  chunk: DuckDBDataChunk,
  { index, start }: { readonly index: number; readonly start: number },
): void {
  const target = column.kind === "text" ? column.codes : column.values;
  const vector = chunk.getColumnVector(index);
  for (let row = 0; row < chunk.rowCount; row += 1) target[start + row] = vector.getItem(row) as number;
}
