import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DATASET_TYPES, type DatasetSchema, type DatasetType } from "../schema/dataset-schema.ts";
import type { CsvFile } from "./csv-header.ts";
import { findDatasetFiles, segmentFile } from "./dataset-directory.ts";
import { type DuckDb, type DuckDbOptions, literal, openDuckDb } from "./duckdb.ts";
import { importCsv } from "./import-csv.ts";
import type { ImportReport } from "./import-report.ts";

export interface ErasureOptions extends Omit<DuckDbOptions, "temporaryDirectory"> {
  /** What stands for `/opt/ml`, with staged datasets. */
  readonly directory: string;
  /** CSV of one column USER_ID. */
  readonly userIds: readonly CsvFile[];
  /** Where the segments that are left go: `<Type>/000000.parquet`, named as they were staged. */
  readonly target: string;
}

export interface Erasure {
  /** Of the file of user ids. */
  readonly report: ImportReport;
  /** The segments in which something was erased. */
  readonly segments: readonly ErasedSegment[];
  /** Single records of theirs among the staged ones, which the store deletes. */
  readonly events: number;
  /** The ids, each once. */
  readonly userIds: readonly string[];
}

export interface ErasedSegment {
  readonly type: DatasetType;
  /** Its place among the staged ones. */
  readonly index: number;
  readonly erased: number;
  /** Left. With 0 there is no file. */
  readonly rows: number;
}

const USER_IDS: DatasetSchema = {
  type: "Users",
  fields: [{ name: "USER_ID", type: "string", isNullable: false, isCategorical: false, isTextual: false }],
};

/** Writes the segments that hold rows of these users anew, without them. Throws DataError for a file of user ids that cannot be read. */
export async function eraseUsers({
  directory,
  userIds: files,
  target,
  ...resources
}: ErasureOptions): Promise<Erasure> {
  const options = { ...resources, temporaryDirectory: join(directory, "tmp") };
  await mkdir(options.temporaryDirectory, { recursive: true });
  const segment = join(options.temporaryDirectory, "user-ids.parquet");
  const report = await importCsv({ ...options, files, schema: USER_IDS, segment });
  using database = await openDuckDb(options);
  await database.run(`create temp table erased as select distinct "USER_ID" from read_parquet(${literal(segment)})`);
  const segments: ErasedSegment[] = [];
  let events = 0;
  for (const type of DATASET_TYPES) {
    const dataset = await findDatasetFiles(directory, type);
    if (dataset === undefined || !dataset.schema.fields.some(({ name }) => name === "USER_ID")) continue;
    if (dataset.events !== undefined) events += await countEvents(database, dataset.events);
    const folder = join(target, type);
    await mkdir(folder, { recursive: true });
    for (const [index, { path }] of dataset.segments.entries()) {
      const counts = await eraseFrom(database, path, join(folder, segmentFile(index)));
      if (counts.erased > 0) segments.push({ type, index, ...counts });
    }
  }
  const ids = await database.rows<{ id: string }>(`select "USER_ID" as id from erased order by 1`);
  return { report, segments, events, userIds: ids.map(({ id }) => id) };
}

async function countEvents(database: DuckDb, path: string): Promise<number> {
  const lines = `read_json(${literal(path)}, format = 'newline_delimited', columns = {userId: 'VARCHAR'})`;
  const [{ count }] = await database.rows<{ count: number }>(
    `select count(*)::DOUBLE as count from ${lines} where "userId" in (select "USER_ID" from erased)`,
  );
  return count;
}

async function eraseFrom(
  database: DuckDb,
  path: string,
  target: string,
): Promise<Pick<ErasedSegment, "erased" | "rows">> {
  const segment = `read_parquet(${literal(path)}) as segment`;
  const [counts] = await database.rows<{ erased: number; rows: number }>(
    `select count(erased."USER_ID")::DOUBLE as erased, (count(*) - count(erased."USER_ID"))::DOUBLE as rows
     from ${segment} left join erased using ("USER_ID")`,
  );
  if (counts.erased > 0 && counts.rows > 0) {
    await database.run(
      `copy (select segment.* from ${segment} anti join erased using ("USER_ID")) to ${literal(target)} (format parquet, compression zstd)`,
    );
  }
  return counts;
}
