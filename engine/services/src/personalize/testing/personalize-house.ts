import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { createControlLoop, type ResourceKind } from "@rondo/control";
import type { DatasetSchema, FieldType } from "@rondo/personalize";
import { createDatasetRecords, type Sql, silentLogger } from "@rondo/store";
import { createWireServer } from "@rondo/wire";
import { caller, type JobHouse, openJobHouse } from "../../sagemaker/testing/job-house.ts";
import type { DatasetBody } from "../dataset-body.ts";
import { createExtrasRoute } from "../extras-route.ts";
import { createPersonalizeService } from "../personalize.ts";
import { newPersonalizeResource } from "../personalize-resource.ts";

const key = { accessKeyId: caller.accessKeyId, secretAccessKey: "personalize-secret" };

/** A dataset group that is there, without its datasets. */
export const GROUP_ARN = `arn:aws:personalize:${caller.region}:${caller.accountId}:dataset-group/shop`;

/** All that Personalize's resources need, with real processes, objects and logs, on the given database; the dataset group `shop` is there. */
export async function openPersonalizeHouse(sql: Sql, clock: { now(): Date }): Promise<JobHouse> {
  const house = await openJobHouse(sql, clock);
  const group = { type: "dataset-group", name: "shop", status: "ACTIVE", body: {} } as const;
  await house.resources.insert(newPersonalizeResource(caller, group));
  return house;
}

/** Adds the Items dataset of the group `shop`, with these columns and no rows. */
export async function addTestDataset(
  { resources }: Pick<JobHouse, "resources">,
  columns: Readonly<Record<string, FieldType>>,
): Promise<void> {
  const fields = Object.entries(columns).map(([name, type]) => {
    return { name, type, isNullable: false, isCategorical: type === "string", isTextual: false };
  });
  const schema: DatasetSchema = { type: "Items", fields };
  const own = { datasetName: "items", datasetGroupArn: GROUP_ARN, schemaArn: "" };
  const body: DatasetBody = { ...own, schema, segments: [], listedRuns: [] };
  const dataset = { type: "dataset", name: "shop/ITEMS", status: "ACTIVE", body } as const;
  await resources.insert(newPersonalizeResource(caller, dataset));
}

/** Personalize on a free port, with the control loop for some kinds. Takes over house and database. */
export async function startPersonalize(sql: Sql, house: JobHouse, kinds: readonly ResourceKind<object>[] = []) {
  const { clock } = house;
  const wire = createWireServer({
    services: [createPersonalizeService({ ...house, datasetRecords: createDatasetRecords(house) })],
    directRoutes: [createExtrasRoute(house)],
    credentials: { find: (id) => (id === key.accessKeyId ? { ...key, ...caller } : undefined) },
    // Clients sign with the time of the day, whatever the house's clock says.
    clock: { now: () => new Date() },
    logger: silentLogger,
  });
  const { url } = await wire.listen({ host: "127.0.0.1", port: 0 });
  const loop = createControlLoop({ resources: house.resources, kinds: [...kinds], clock });
  await loop.start();
  const client = new PersonalizeClient({ endpoint: url, region: caller.region, credentials: key, maxAttempts: 1 });
  return {
    client,
    house,
    loop,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await wire.close(1000);
      await loop.stop();
      await house[Symbol.asyncDispose]();
      await sql.close();
    },
  };
}
