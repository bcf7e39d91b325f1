import { DataError } from "@rondo/learn";
import type { DatasetSchema } from "../schema/dataset-schema.ts";
import { type CsvFile, checkCsvHeader } from "./csv-header.ts";
import { type DuckDb, type DuckDbOptions, literal, openDuckDb } from "./duckdb.ts";
import { describeRefusals, type ImportReport } from "./import-report.ts";
import { findRefusals } from "./refusals.ts";
import { typedValue, type ValueCheck, valueChecks } from "./value-checks.ts";

export interface CsvImportOptions extends DuckDbOptions {
  /** UTF-8, with a header of the schema's columns. */
  readonly files: readonly CsvFile[];
  readonly schema: DatasetSchema;
  /** Path of the Parquet file to write. */
  readonly segment: string;
}

/**
 * Imports CSV files: rows that fit the schema become a segment, the others a report. All values are read as texts and typed afterwards, so that one that does
 * not fit costs its row only. Throws DataError for a header that is not the schema's and when no row is left.
 */
export async function importCsv(options: CsvImportOptions): Promise<ImportReport> {
  const { files, schema, segment, signal } = options;
  if (files.length === 0) throw new DataError("There is no file to import.");
  for (const file of files) await checkCsvHeader(file, schema);
  using database = await openDuckDb(options);
  await readTexts(database, files, schema);
  const checks = schema.fields.flatMap(valueChecks);
  await noteRefusedValues(database, checks);
  const report = await findRefusals(database, { files, checks, signal });
  if (report.rows === 0) {
    throw new DataError(
      report.refused === 0 ? "The files have no rows besides their headers." : describeRefusals(report),
    );
  }
  const columns = schema.fields.map(typedValue).join(", ");
  const fits = report.refused === 0 ? "" : "where rowid not in (select row from refused_value)";
  await database.run(
    `copy (select ${columns} from text_row ${fits}) to ${literal(segment)} (format parquet, compression zstd)`,
  );
  return report;
}

/** Table `text_row`: the rows as texts, in the order of files and lines, missing ones null. DuckDB notes what it cannot read in `reject_errors`. */
async function readTexts(database: DuckDb, files: readonly CsvFile[], { fields }: DatasetSchema): Promise<void> {
  const columns = fields.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const paths = literal(files.map(({ path }) => path));
  try {
    await database.run(
      `create temp table text_row as select * from read_csv(${paths}, columns = {${columns}}, auto_detect = false,
         header = true, delim = ',', quote = '"', escape = '"', store_rejects = true, filename = '#file')`,
    );
  } catch (error) {
    const [reason = ""] = (error as Error).message.split("\n");
    if (!reason.startsWith("Invalid Input Error")) throw error;
    throw new DataError(
      `The files are not CSV as RFC 4180 has it; do some lines end with a carriage return and others not? ${reason}`,
    );
  }
}

/** Table `refused_value`: the number of each row that has a value which does not fit, and of the first check that says so. */
async function noteRefusedValues(database: DuckDb, checks: readonly ValueCheck[]): Promise<void> {
  const first = checks.map(({ isRefused }, index) => `when ${isRefused} then ${index}`).join(" ");
  const isRefused = checks.length === 0 ? "null" : `case ${first} end`;
  await database.run(
    `create temp table refused_value as
     select * from (select rowid as "row", ${isRefused} as "check" from text_row) where "check" is not null`,
  );
}
