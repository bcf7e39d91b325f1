import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetSchema, DatasetType, SchemaField } from "../../schema/dataset-schema.ts";
import { DATASET_FILES, DATASETS_FOLDER, GROUP_FILE, segmentFile } from "../dataset-directory.ts";
import { literal, openDuckDb } from "../duckdb.ts";
import type { EventLine } from "../event-relation.ts";

export interface WrittenDataset {
  readonly schema: DatasetSchema;
  /** A SELECT statement for each segment's rows. */
  readonly segments: readonly string[];
  readonly order?: readonly number[];
  readonly events?: readonly EventLine[];
}

/** A field of a schema: a text unless said otherwise. */
export function field(name: string, changes: Partial<SchemaField> = {}): SchemaField {
  return { name, type: "string", isNullable: false, isCategorical: false, isTextual: false, ...changes };
}

/** A directory that stands for `/opt/ml`, with these datasets; removed when disposed of. */
export async function writeDatasets(
  datasets: Readonly<Partial<Record<DatasetType, WrittenDataset>>>,
  eventsUpTo?: number,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "personalize-"));
  using database = await openDuckDb({ threads: 2, memoryLimitMiB: 256, temporaryDirectory: join(path, "tmp") });
  for (const [type, { schema, segments, order, events }] of Object.entries(datasets)) {
    const folder = join(path, DATASETS_FOLDER, type);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, DATASET_FILES.schema), JSON.stringify(schema));
    if (order !== undefined) await writeFile(join(folder, DATASET_FILES.order), JSON.stringify(order));
    const lines = events?.map((event) => `${JSON.stringify(event)}\n`).join("");
    if (lines !== undefined) await writeFile(join(folder, DATASET_FILES.events), lines);
    for (const [index, statement] of segments.entries()) {
      const target = literal(join(folder, segmentFile(index)));
      await database.run(`copy (${statement}) to ${target} (format parquet)`);
    }
  }
  if (eventsUpTo !== undefined) {
    await writeFile(join(path, DATASETS_FOLDER, GROUP_FILE), JSON.stringify({ eventsUpTo }));
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
