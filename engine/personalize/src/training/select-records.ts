import type { Column, Records } from "../records/records.ts";

/** The records at these places, in their order; −1 stands for one of which everything is missing. */
export function selectRecords({ columns }: Records, rows: Int32Array): Records {
  const selected = Object.entries(columns).map(([name, column]): [string, Column] => [
    name,
    selectValues(column, rows),
  ]);
  return { count: rows.length, columns: Object.fromEntries(selected) };
}

function selectValues(column: Column, rows: Int32Array): Column {
  if (column.kind === "number") {
    return { kind: "number", values: Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : column.values[row])) };
  }
  return { ...column, codes: rows.map((row) => (row < 0 ? -1 : column.codes[row])) };
}
