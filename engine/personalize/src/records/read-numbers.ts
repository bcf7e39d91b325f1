import { join } from "node:path";
import type { DatasetType } from "../schema/dataset-schema.ts";
import { findDatasetFiles } from "./dataset-directory.ts";
import { datasetRelation } from "./dataset-relation.ts";
import { identifier, literal, openDuckDb } from "./duckdb.ts";
import { recordId } from "./event-relation.ts";

/** Which numbers to read: a column of a dataset's records with these ids. */
export interface NumberQuery {
  readonly type: DatasetType;
  readonly column: string;
  readonly ids: readonly string[];
}

const MEMORY_MIB = 128;

/** Numbers of items, users or actions by their ids, of the newest records in what `stageDatasets` laid down; without those that are missing there. */
export async function readNumbers(
  directory: string,
  { type, column, ids }: NumberQuery,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const files = await findDatasetFiles(directory, type);
  const id = recordId(type);
  const field = files?.schema.fields.find(({ name }) => name === column);
  if (files === undefined || id === undefined || field === undefined || ids.length === 0) return new Map();
  using database = await openDuckDb({
    threads: 1,
    memoryLimitMiB: MEMORY_MIB,
    temporaryDirectory: join(directory, "tmp"),
    signal,
  });
  const rows = await database.rows<{ id: string; value: number | null }>(
    `select ${identifier(id)} as id, try_cast(${identifier(column)} as double) as value
     from (${datasetRelation(files, "ALL")}) where ${identifier(id)} in (select unnest(${literal(ids)}))`,
  );
  return new Map(rows.flatMap(({ id: key, value }) => (value === null ? [] : [[key, value] as const])));
}
