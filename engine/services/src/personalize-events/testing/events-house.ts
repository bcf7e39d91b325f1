import { PersonalizeEventsClient } from "@aws-sdk/client-personalize-events";
import { createManualClock } from "@rondo/control/testing";
import type { DatasetSchema } from "@rondo/personalize";
import { createDatasetRecords, createResources, type DatasetRecord, silentLogger } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { createWireServer } from "@rondo/wire";
import type { DatasetBody } from "../../personalize/dataset-body.ts";
import type { EventTrackerBody } from "../../personalize/event-tracker.ts";
import { newPersonalizeResource } from "../../personalize/personalize-resource.ts";
import { newDataset } from "../../personalize/testing/dataset-house.ts";
import { GROUP_ARN } from "../../personalize/testing/personalize-house.ts";
import { caller } from "../../sagemaker/testing/job-house.ts";
import { createPersonalizeEventsService } from "../personalize-events.ts";

const key = { accessKeyId: caller.accessKeyId, secretAccessKey: "events-secret" };

export const TRACKING_ID = "7c5e8a3e-0000-4000-8000-000000000001";

/** An answer that was given. */
export const SHOWN = { recommendationId: "RID-shown", items: ["i7", "i8"] };

/** Personalize Events on a free port, with the dataset group `shop` and its event tracker. */
export async function startPersonalizeEvents() {
  const sql = await openTestSql();
  const clock = createManualClock();
  const resources = createResources({ sql, clock });
  const datasetRecords = createDatasetRecords({ sql });
  const insert = (resource: Parameters<typeof newPersonalizeResource>[1]) =>
    resources.insert(newPersonalizeResource(caller, resource));
  const group = await insert({ type: "dataset-group", name: "shop", status: "ACTIVE", body: {} });
  const tracker: EventTrackerBody = { datasetGroupArn: GROUP_ARN, trackingId: TRACKING_ID };
  await insert({ type: "event-tracker", name: "clicks", status: "ACTIVE", body: tracker });
  const shown = { find: (id: string) => (id === SHOWN.recommendationId ? SHOWN.items : undefined) };
  const wire = createWireServer({
    services: [createPersonalizeEventsService({ resources, datasetRecords, clock, campaigns: { shown } })],
    directRoutes: [],
    credentials: { find: (id) => (id === key.accessKeyId ? { ...key, ...caller } : undefined) },
    // Clients sign with the time of the day, whatever the house's clock says.
    clock: { now: () => new Date() },
    logger: silentLogger,
  });
  const { url } = await wire.listen({ host: "127.0.0.1", port: 0 });
  const client = new PersonalizeEventsClient({
    endpoint: url,
    region: caller.region,
    credentials: key,
    maxAttempts: 1,
  });
  return {
    client,
    clock,
    resources,
    /** A dataset of the group; its ARN. */
    async insertDataset(schema: DatasetSchema, changes: Partial<DatasetBody> = {}, status = "ACTIVE"): Promise<string> {
      return (await insert({ ...newDataset(schema, changes), status })).arn;
    },
    /** What has been stored, oldest first. */
    records: (): Promise<DatasetRecord[]> => datasetRecords.listAfter({ groupId: group.id, after: 0, limit: 100 }),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await wire.close(1000);
      await sql.close();
    },
  };
}
