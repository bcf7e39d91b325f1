import { createWriteStream } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ClientError } from "@rondo/images";
import {
  DATASET_FILES,
  DATASETS_FOLDER,
  type DatasetType,
  type EventLine,
  GROUP_FILE,
  segmentFile,
} from "@rondo/personalize";
import { type DatasetRecords, type Owner, type Resource, type Resources, StoreError } from "@rondo/store";
import { type Dataset, listDatasetsOf } from "./dataset-body.ts";
import { parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import type { PersonalizeStorage } from "./storage.ts";

export interface StageDatasetsDependencies {
  readonly resources: Pick<Resources, "find" | "list">;
  readonly storage: PersonalizeStorage;
  readonly records: DatasetRecords;
}

export interface StageDatasetsOptions {
  readonly owner: Owner;
  readonly datasetGroupArn: string;
  /** Which datasets. Default: all of the group. */
  readonly types?: readonly DatasetType[];
  /** Whether imported rows are laid down too. Default: true; batch jobs have a model that learned from them. */
  readonly withSegments?: boolean;
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** What was laid down. */
export interface StagedDatasets {
  /** The number of the newest single record that is there; 0 when there was none. */
  readonly eventsUpTo: number;
  readonly datasets: readonly Dataset[];
}

/** Records that are read at a time. */
const PAGE = 5000;
/** An erasure or a FULL import may take a segment away while it is copied; then what is listed by now is copied. */
const ATTEMPTS = 5;

/**
 * Lays a dataset group down for a job's program, which reads it by `readDatasetGroup`: segments in their order, and what was put since 1970 up to the number
 * that is newest now. May be repeated: it begins anew. Throws ClientError for a group that is gone.
 */
export async function stageDatasets(
  dependencies: StageDatasetsDependencies,
  options: StageDatasetsOptions,
): Promise<StagedDatasets> {
  const group = await requireGroup(dependencies, options);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await stageOnce(dependencies, options, group);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "NoSuchKey" || attempt === ATTEMPTS) throw error;
    }
  }
}

async function requireGroup(
  { resources }: StageDatasetsDependencies,
  { owner, datasetGroupArn }: StageDatasetsOptions,
): Promise<Resource<object>> {
  const name = parsePersonalizeArn(datasetGroupArn, "dataset-group")?.name ?? "";
  const group = await resources.find<object>(owner, personalizeType("dataset-group"), name);
  if (group === undefined) throw new ClientError(`The dataset group ${datasetGroupArn} has been deleted.`);
  return group;
}

async function stageOnce(
  { resources, storage, records }: StageDatasetsDependencies,
  { owner, datasetGroupArn, types, withSegments = true, directory, signal }: StageDatasetsOptions,
  group: Resource<object>,
): Promise<StagedDatasets> {
  const folder = join(directory, DATASETS_FOLDER);
  const eventsUpTo = await records.newest(group.id);
  const all = await listDatasetsOf(resources, owner, datasetGroupArn);
  const datasets = all.filter(({ body }) => types?.includes(body.schema.type) ?? true);
  for (const { body } of datasets) {
    const own = join(folder, body.schema.type);
    await rm(own, { recursive: true, force: true });
    await mkdir(own, { recursive: true });
    await writeFile(join(own, DATASET_FILES.schema), JSON.stringify(body.schema));
    const segments = withSegments ? body.segments : [];
    await writeFile(join(own, DATASET_FILES.order), JSON.stringify(segments.map(({ follows }) => follows)));
    for (const [index, { key }] of segments.entries()) {
      await storage.getFile(owner, key, join(own, segmentFile(index)), signal);
    }
    const lines = Readable.from(eventLines(records, { groupId: group.id, type: body.schema.type, eventsUpTo }));
    await pipeline(lines, createWriteStream(join(own, DATASET_FILES.events)), { signal });
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, GROUP_FILE), JSON.stringify({ eventsUpTo }));
  return { eventsUpTo, datasets };
}

/** The single records of a dataset up to a number, a page of lines at a time. */
async function* eventLines(
  records: DatasetRecords,
  { groupId, type, eventsUpTo }: { readonly groupId: number; readonly type: DatasetType; readonly eventsUpTo: number },
): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const page = await records.listAfter({ groupId, after, limit: PAGE, datasets: [type] });
    const lines = page
      .filter(({ number }) => number <= eventsUpTo)
      .map(({ number, userId, content }) => JSON.stringify({ number, userId, values: content } satisfies EventLine));
    if (lines.length > 0) yield `${lines.join("\n")}\n`;
    if (page.length < PAGE || lines.length < page.length) return;
    after = page.at(-1)?.number ?? eventsUpTo;
  }
}
