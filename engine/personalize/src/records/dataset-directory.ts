import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetSchema, DatasetType } from "../schema/dataset-schema.ts";

/** Where a job's program finds its datasets, below what stands for `/opt/ml`. */
export const DATASETS_FOLDER = join("input", "data");

/** The files of a dataset, in `input/data/<Type>/`. */
export const DATASET_FILES = {
  /** The dataset's schema. */
  schema: "schema.json",
  /** Of each segment the number of the newest event when it was imported: what was put before is older than its rows. */
  order: "order.json",
  /** What PutEvents, PutItems or PutUsers brought, oldest first. */
  events: "events.jsonl",
} as const;

/** What a job sees of its dataset group as a whole, in `input/data/`. */
export const GROUP_FILE = "dataset-group.json";

/** `000000.parquet`: the name of a segment by its place. */
export function segmentFile(index: number): string {
  return `${String(index).padStart(6, "0")}.parquet`;
}

/** A dataset as files. */
export interface DatasetFiles {
  readonly schema: DatasetSchema;
  readonly segments: readonly Segment[];
  /** Path of the events; undefined when there are none. */
  readonly events?: string;
}

export interface Segment {
  readonly path: string;
  /** Events with larger numbers are newer than its rows. */
  readonly follows: number;
}

/** The files of a dataset of a job; undefined when its group has no such dataset. */
export async function findDatasetFiles(directory: string, type: DatasetType): Promise<DatasetFiles | undefined> {
  const folder = join(directory, DATASETS_FOLDER, type);
  const schema = await readJson<DatasetSchema>(join(folder, DATASET_FILES.schema));
  if (schema === undefined) return undefined;
  const order = (await readJson<readonly number[]>(join(folder, DATASET_FILES.order))) ?? [];
  const names = (await readdir(folder)).filter((name) => name.endsWith(".parquet")).toSorted();
  const segments = names.map((name, index) => ({ path: join(folder, name), follows: order[index] ?? 0 }));
  const events = join(folder, DATASET_FILES.events);
  const hasEvents = await access(events).then(
    () => true,
    () => false,
  );
  return { schema, segments, ...(hasEvents ? { events } : {}) };
}

/** The number of the newest event that the job's datasets hold; 0 when there was none. */
export async function readEventsUpTo(directory: string): Promise<number> {
  const group = await readJson<{ readonly eventsUpTo: number }>(join(directory, DATASETS_FOLDER, GROUP_FILE));
  return group?.eventsUpTo ?? 0;
}

async function readJson<Content>(path: string): Promise<Content | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Content);
}
