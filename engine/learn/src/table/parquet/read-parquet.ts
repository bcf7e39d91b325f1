import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { DataError } from "../../algorithm.ts";
import { type CategoryColumn, createCategoryColumn, sortCategories } from "../category-column.ts";
import { sharedFloats } from "../matrix.ts";
import { createRowAnnotations } from "../row-annotations.ts";
import type { Table } from "../table.ts";
import { dataErrorAt } from "../table-file.ts";
import { isMissing, LARGEST_FLOAT, MAXIMUM_COLUMNS, type TableOptions } from "../table-options.ts";

/** DuckDB's names of what can become a number of 32 bits. */
const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN)$/;
const TEXT = /^(VARCHAR|ENUM\(.*\))$/;
const MEMORY = "1GB";

/** A file that is on disk: Parquet is read from its end. */
export interface ParquetFile {
  /** What messages call it. */
  readonly name: string;
  readonly path: string;
}

/**
 * Reads Parquet files by DuckDB, which is loaded for this alone: label, weight and group first, as in CSV; columns of numbers or truth values, and of
 * texts where `categories` allows. Throws DataError naming file, row and column, and the signal's reason.
 */
export async function readParquet(
  files: readonly ParquetFile[],
  options: TableOptions = {},
  signal?: AbortSignal,
): Promise<Table> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: MEMORY });
  try {
    const connection = await instance.connect();
    try {
      return await readFiles(connection, files, { ...options, signal });
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

interface ParquetSchema {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: number;
}

async function readFiles(
  connection: DuckDBConnection,
  files: readonly ParquetFile[],
  { signal, ...options }: TableOptions & { readonly signal: AbortSignal | undefined },
): Promise<Table> {
  const schemas: ParquetSchema[] = [];
  for (const file of files) schemas.push(await inFile(file, () => readSchema(connection, file)));
  const rows = schemas.reduce((sum, schema) => sum + schema.rows, 0);
  const [first] = schemas;
  if (first === undefined || rows === 0) throw new DataError(`The data are empty: no file has a row.`);
  const filling = createFilling(first, rows, options);
  for (const [index, file] of files.entries()) {
    checkSchema(file, schemas[index], filling);
    const result = await inFile(file, () =>
      connection.stream(`SELECT ${filling.selection.join(", ")} FROM read_parquet($path)`, { path: file.path }),
    );
    filling.file = file.name;
    filling.row = 1;
    for (;;) {
      const chunk = await inFile(file, () => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) break;
      fill(filling, chunk);
      signal?.throwIfAborted();
    }
    if (filling.row !== schemas[index].rows + 1) {
      throw dataErrorAt({ file: file.name }, `there are ${filling.row - 1} rows; its end says ${schemas[index].rows}.`);
    }
  }
  const { columns, values, annotations, categories, leadWidth } = filling;
  return {
    features: { kind: "dense", rows, columns, values },
    ...annotations.finish(rows),
    names: first.names.slice(leadWidth),
    categories: sortCategories(categories, values),
  };
}

async function readSchema(connection: DuckDBConnection, { path }: ParquetFile): Promise<ParquetSchema> {
  const described = await connection.runAndReadAll("DESCRIBE SELECT * FROM read_parquet($path)", { path });
  const counted = await connection.runAndReadAll("SELECT count(*) FROM read_parquet($path)", { path });
  const columns = described.getRowObjects();
  return {
    names: columns.map((column) => String(column["column_name"])),
    types: columns.map((column) => String(column["column_type"])),
    rows: Number(counted.getRows()[0][0]),
  };
}

/** A table that is filled file after file. */
interface Filling {
  readonly names: readonly string[];
  readonly leadWidth: number;
  readonly options: TableOptions;
  readonly columns: number;
  readonly values: Float32Array;
  readonly annotations: ReturnType<typeof createRowAnnotations>;
  readonly categories: readonly (CategoryColumn | undefined)[];
  /** What is selected: each column as the kind that it has here. */
  readonly selection: readonly string[];
  rows: number;
  file: string;
  /** Of the file, from 1. */
  row: number;
}

function createFilling({ names, types }: ParquetSchema, rows: number, options: TableOptions): Filling {
  const { labelColumns = 1, weightColumn = false, groupColumn = false, categories: chosen = [] } = options;
  const leadWidth = labelColumns + Number(weightColumn) + Number(groupColumn);
  const columns = names.length - leadWidth;
  if (columns < 1 || columns > MAXIMUM_COLUMNS || columns !== (options.columns ?? columns)) {
    throw new DataError(
      `There are ${columns} columns of features, not ${options.columns ?? `1 to ${MAXIMUM_COLUMNS}`}.`,
    );
  }
  const isCategory = (column: number): boolean =>
    chosen === "text" ? TEXT.test(types[leadWidth + column]) : chosen.includes(column);
  const categories = Array.from({ length: columns }, (_, column) =>
    isCategory(column) ? createCategoryColumn(names[leadWidth + column]) : undefined,
  );
  const selection = names.map((name, column) => {
    const quotedName = `"${name.replaceAll('"', '""')}"`;
    return categories[column - leadWidth] === undefined ? `${quotedName}::DOUBLE` : `${quotedName}::VARCHAR`;
  });
  const values = allocate(rows, columns);
  const annotations = createRowAnnotations();
  return { names, leadWidth, options, columns, values, annotations, categories, selection, rows: 0, file: "", row: 1 };
}

/** The number of rows is what the files say. */
function allocate(rows: number, columns: number): Float32Array {
  try {
    return sharedFloats(rows * columns);
  } catch (cause) {
    throw new DataError(`${rows} rows of ${columns} columns are more than there is memory for.`, { cause });
  }
}

function checkSchema({ name: file }: ParquetFile, { names, types }: ParquetSchema, filling: Filling): void {
  for (const [column, name] of names.entries()) {
    if (name !== filling.names[column]) {
      throw dataErrorAt(
        { file, column: column + 1 },
        `it is called ${name}, in the first file ${filling.names[column]}.`,
      );
    }
    const isCategory = filling.categories[column - filling.leadWidth] !== undefined;
    if (!NUMBER.test(types[column]) && !(isCategory && TEXT.test(types[column]))) {
      throw dataErrorAt({ file, column: column + 1 }, `${name} is of type ${types[column]}, not of numbers.`);
    }
  }
  if (names.length < filling.names.length) {
    throw dataErrorAt({ file }, `there are ${names.length} columns, in the first file ${filling.names.length}.`);
  }
}

function fill(filling: Filling, chunk: DuckDBDataChunk): void {
  const { leadWidth, columns, values, categories } = filling;
  const start = filling.rows * columns;
  for (let column = 0; column < columns; column += 1) {
    const vector = chunk.getColumnVector(leadWidth + column);
    const category = categories[column];
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const item = vector.getItem(row);
      const isPresent = item !== null && !(category !== undefined && isMissing(item as string));
      const value = isPresent ? (category?.numberOf(item as string) ?? (item as number)) : Number.NaN;
      if (Math.abs(value) > LARGEST_FLOAT) throw failure(filling, row, `${value} is no number of 32 bits.`, column);
      values[start + row * columns + column] = value;
    }
  }
  if (leadWidth > 0) annotate(filling, chunk);
  filling.rows += chunk.rowCount;
  filling.row += chunk.rowCount;
}

function annotate(filling: Filling, chunk: DuckDBDataChunk): void {
  const { labelColumns = 1, weightColumn = false, groupColumn = false } = filling.options;
  const lead = Array.from({ length: filling.leadWidth }, (_, column) => chunk.getColumnVector(column));
  const numberAt = (column: number, row: number): number => (lead[column].getItem(row) as number | null) ?? Number.NaN;
  for (let row = 0; row < chunk.rowCount; row += 1) {
    filling.annotations.add(
      filling.rows + row,
      {
        label: labelColumns === 1 ? numberAt(0, row) : undefined,
        weight: weightColumn ? numberAt(labelColumns, row) : undefined,
        group: groupColumn ? numberAt(filling.leadWidth - 1, row) : undefined,
      },
      (text) => failure(filling, row, text),
    );
  }
}

function failure({ file, row: first, leadWidth }: Filling, row: number, text: string, column?: number): DataError {
  return dataErrorAt(
    { file, record: first + row, column: column === undefined ? undefined : leadWidth + column + 1 },
    text,
  );
}

/** What DuckDB cannot read is said of the file. */
async function inFile<Result>({ name }: ParquetFile, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new DataError(`${name}: this is no Parquet file that can be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
