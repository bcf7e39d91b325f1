import { join } from "node:path";
import { DATASET_TYPES, type DatasetType } from "../schema/dataset-schema.ts";
import { findDatasetFiles, readEventsUpTo } from "./dataset-directory.ts";
import type { Dataset, DatasetGroupData } from "./dataset-group-data.ts";
import { datasetRelation } from "./dataset-relation.ts";
import { openDuckDb } from "./duckdb.ts";
import { readRecords } from "./read-records.ts";

export interface ReadOptions {
  readonly threads?: number;
  /** Of DuckDB's, besides the columns themselves; the rest goes to `tmp`. Default 512. */
  readonly memoryLimitMiB?: number;
  readonly signal?: AbortSignal;
}

/** Reads what `stageDatasets` laid down for a job: imported rows and events, newer records of an item or user in the place of older ones. */
export async function readDatasetGroup(directory: string, options: ReadOptions = {}): Promise<DatasetGroupData> {
  const { threads = 2, memoryLimitMiB = 512, signal } = options;
  const datasets: Partial<Record<DatasetType, Dataset>> = {};
  for (const type of DATASET_TYPES) {
    const files = await findDatasetFiles(directory, type);
    if (files === undefined) continue;
    using database = await openDuckDb({ threads, memoryLimitMiB, temporaryDirectory: join(directory, "tmp"), signal });
    const { schema } = files;
    datasets[type] = { schema, records: await readRecords(database, datasetRelation(files, "ALL"), schema.fields) };
  }
  return { datasets, eventsUpTo: await readEventsUpTo(directory) };
}
