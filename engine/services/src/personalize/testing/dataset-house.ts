import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetSchema, type DatasetType, exportCsv, importCsv, type SchemaField } from "@rondo/personalize";
import { createDatasetRecords, type Resource, type Sql } from "@rondo/store";
import { caller } from "../../sagemaker/testing/job-house.ts";
import { type DatasetBody, type DatasetSegment, datasetName } from "../dataset-body.ts";
import { newPersonalizeResource } from "../personalize-resource.ts";
import { createPersonalizeStorage, type PersonalizeStorage, personalizeBucket, segmentKey } from "../storage.ts";
import { GROUP_ARN, openPersonalizeHouse } from "./personalize-house.ts";

/** A field of a schema: a text unless said otherwise. */
export function field(name: string, changes: Partial<SchemaField> = {}): SchemaField {
  return { name, type: "string", isNullable: false, isCategorical: false, isTextual: false, ...changes };
}

export const interactionsSchema: DatasetSchema = {
  type: "Interactions",
  fields: [field("USER_ID"), field("ITEM_ID"), field("TIMESTAMP", { type: "long" }), field("EVENT_TYPE")],
};

export const usersSchema: DatasetSchema = {
  type: "Users",
  fields: [field("USER_ID"), field("AGE", { type: "int", isNullable: true })],
};

/** What Personalize's datasets and their jobs need, with the group `shop`. */
export async function openDatasetHouse(sql: Sql, clock: { now(): Date }) {
  const house = await openPersonalizeHouse(sql, clock);
  const records = createDatasetRecords({ sql });
  const storage = createPersonalizeStorage(house);
  return {
    ...house,
    records,
    storage,
    kindDependencies: { ...house.kindDependencies, records, storage },
    putObject: async (key: string, content: string): Promise<void> =>
      void (await house.objects.put({ ...caller, bucket: "data" }, key, Buffer.from(content))),
    /** Keys in the internal bucket. */
    storedKeys: async (): Promise<string[]> => {
      const bucket = personalizeBucket(caller);
      if ((await house.objects.findBucket(bucket)) === undefined) return [];
      return (await house.objects.list({ ...bucket, limit: 1000 })).objects.map(({ key }) => key);
    },
    /** A segment of the rows of a CSV file, as an import with this run's id leaves it. */
    storeSegment: (schema: DatasetSchema, csv: string, runId: string) => storeSegment(storage, { schema, csv, runId }),
    /** The rows of a dataset as its list of segments has them, as CSV without the header. */
    readRows: async (type: DatasetType): Promise<string[]> => {
      const dataset = await house.resources.find<DatasetBody>(caller, "personalize/dataset", datasetName("shop", type));
      const rows = await Promise.all(
        (dataset?.body.segments ?? []).map((segment) => readSegment(storage, dataset, segment)),
      );
      return rows.flat();
    },
    /** A dataset of the group `shop`, ACTIVE. */
    insertDataset: (schema: DatasetSchema, changes: Partial<DatasetBody> = {}): Promise<Resource<DatasetBody>> =>
      house.resources.insert(newPersonalizeResource(caller, newDataset(schema, changes))),
    dataset: async (type: DatasetType): Promise<DatasetBody | undefined> =>
      (await house.resources.find<DatasetBody>(caller, "personalize/dataset", datasetName("shop", type)))?.body,
    groupId: async (): Promise<number> =>
      (await house.resources.find(caller, "personalize/dataset-group", "shop"))?.id ?? 0,
  };
}

async function storeSegment(
  storage: PersonalizeStorage,
  { schema, csv, runId }: { readonly schema: DatasetSchema; readonly csv: string; readonly runId: string },
): Promise<DatasetSegment> {
  await using directory = await mkdtempDisposable(join(tmpdir(), "segment-"));
  const source = { name: "rows.csv", path: join(directory.path, "rows.csv") };
  const segment = join(directory.path, "rows.parquet");
  await writeFile(source.path, csv);
  const { rows } = await importCsv({ files: [source], schema, segment, ...duckDb(directory.path) });
  const key = segmentKey(datasetName("shop", schema.type), runId);
  await storage.putFile(caller, key, segment, new AbortController().signal);
  return { key, rows, follows: 0 };
}

async function readSegment(
  storage: PersonalizeStorage,
  dataset: Resource<DatasetBody> | undefined,
  { key }: DatasetSegment,
): Promise<string[]> {
  await using directory = await mkdtempDisposable(join(tmpdir(), "segment-"));
  const path = join(directory.path, "rows.parquet");
  const target = join(directory.path, "rows.csv");
  await storage.getFile(caller, key, path, new AbortController().signal);
  const schema = dataset?.body.schema ?? usersSchema;
  const files = { schema, segments: [{ path, follows: 0 }] };
  await exportCsv({ files, mode: "BULK", target, ...duckDb(directory.path) });
  return (await readFile(target, "utf8")).trim().split("\n").slice(1);
}

function duckDb(directory: string) {
  return { threads: 1, memoryLimitMiB: 256, temporaryDirectory: join(directory, "tmp") };
}

export type DatasetHouse = Awaited<ReturnType<typeof openDatasetHouse>>;

/** A dataset of the group `shop`, ACTIVE. */
export function newDataset(schema: DatasetSchema, changes: Partial<DatasetBody>) {
  const body: DatasetBody = {
    datasetName: `shop-${schema.type.toLowerCase()}`,
    datasetGroupArn: GROUP_ARN,
    schemaArn: GROUP_ARN.replace("dataset-group/shop", "schema/s"),
    schema,
    segments: [],
    listedRuns: [],
    ...changes,
  };
  return { type: "dataset", name: datasetName("shop", schema.type), status: "ACTIVE", body } as const;
}
