import { setTimeout as delay } from "node:timers/promises";
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateEventTrackerCommand,
  CreateSchemaCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeEventTrackerCommand,
  ListEventTrackersCommand,
  PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import type { Scenario } from "./scenario.ts";

const NAME = "bench-events";
const EVENTS = 10;

const schema = JSON.stringify({
  type: "record",
  name: "Interactions",
  namespace: "com.amazonaws.personalize.schema",
  fields: [
    { name: "USER_ID", type: "string" },
    { name: "ITEM_ID", type: "string" },
    { name: "EVENT_TYPE", type: "string" },
    { name: "TIMESTAMP", type: "long" },
    { name: "DEVICE", type: ["null", "string"], categorical: true },
  ],
  version: "1.0",
});

/** Durable puts of ten events each, of 256 users over and over. */
export const putEvents: Scenario = {
  name: "put-10-events",
  goal: { requestsPerSecond: 1_000 },
  prepare: prepareTracker,
  async send(index, configuration) {
    const trackingId = await findTrackingId(new PersonalizeClient());
    const eventList = Array.from({ length: EVENTS }, (_, event) => ({
      eventType: event === 0 ? "purchase" : "click",
      itemId: `item-${(index * EVENTS + event) % 1000}`,
      sentAt: new Date(),
      properties: '{"device":"mobile"}',
    }));
    const request = { trackingId, userId: `user-${index}`, sessionId: `session-${index}`, eventList };
    return await new PersonalizeEventsClient(configuration).send(new PutEventsCommand(request));
  },
};

/** A dataset group with interactions and an event tracker. */
async function prepareTracker(): Promise<void> {
  const client = new PersonalizeClient();
  const { schemaArn } = await client.send(new CreateSchemaCommand({ name: NAME, schema }));
  const { datasetGroupArn } = await client.send(new CreateDatasetGroupCommand({ name: NAME }));
  await active(async () => (await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup);
  const dataset = { name: NAME, schemaArn, datasetGroupArn, datasetType: "Interactions" };
  const { datasetArn } = await client.send(new CreateDatasetCommand(dataset));
  await active(async () => (await client.send(new DescribeDatasetCommand({ datasetArn }))).dataset);
  await client.send(new CreateEventTrackerCommand({ name: NAME, datasetGroupArn }));
}

async function active(describe: () => Promise<{ readonly status?: string | undefined } | undefined>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await describe())?.status === "ACTIVE") return;
    await delay(100);
  }
  throw new Error("A dataset of the bench did not become ACTIVE within 30 seconds.");
}

async function findTrackingId(client: PersonalizeClient): Promise<string | undefined> {
  const { eventTrackers = [] } = await client.send(new ListEventTrackersCommand({}));
  const eventTrackerArn = eventTrackers.find(({ name }) => name === NAME)?.eventTrackerArn;
  return (await client.send(new DescribeEventTrackerCommand({ eventTrackerArn }))).eventTracker?.trackingId;
}
