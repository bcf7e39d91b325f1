import type { DatasetFiles } from "./dataset-directory.ts";
import { datasetRelation, type IngestionMode } from "./dataset-relation.ts";
import { type DuckDbOptions, literal, openDuckDb } from "./duckdb.ts";

export interface CsvExportOptions extends DuckDbOptions {
  readonly files: DatasetFiles;
  readonly mode: IngestionMode;
  /** Path of the CSV file to write: with a header, in the order of the schema's fields, so that it can be imported again. */
  readonly target: string;
}

/** Writes a dataset's rows as CSV; returns how many. */
export async function exportCsv({ files, mode, target, ...options }: CsvExportOptions): Promise<number> {
  using database = await openDuckDb(options);
  await database.run(`create temp table record as ${datasetRelation(files, mode)}`);
  await database.run(`copy record to ${literal(target)} (format csv, header)`);
  const [{ rows }] = await database.rows<{ rows: number }>("select count(*)::DOUBLE as rows from record");
  return rows;
}
