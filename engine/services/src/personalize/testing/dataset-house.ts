import type { DatasetSchema, DatasetType, SchemaField } from "@rondo/personalize";
import { createDatasetRecords, type Resource, type Sql } from "@rondo/store";
import { caller } from "../../sagemaker/testing/job-house.ts";
import { type DatasetBody, datasetName } from "../dataset-body.ts";
import { newPersonalizeResource } from "../personalize-resource.ts";
import { createPersonalizeStorage, personalizeBucket } from "../storage.ts";
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
    /** A dataset of the group `shop`, ACTIVE. */
    insertDataset: (schema: DatasetSchema, changes: Partial<DatasetBody> = {}): Promise<Resource<DatasetBody>> =>
      house.resources.insert(newPersonalizeResource(caller, newDataset(schema, changes))),
    dataset: async (type: DatasetType): Promise<DatasetBody | undefined> =>
      (await house.resources.find<DatasetBody>(caller, "personalize/dataset", datasetName("shop", type)))?.body,
    groupId: async (): Promise<number> =>
      (await house.resources.find(caller, "personalize/dataset-group", "shop"))?.id ?? 0,
  };
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
