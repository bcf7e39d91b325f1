import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  PutActionInteractionsCommand,
  PutActionsCommand,
  PutItemsCommand,
  PutUsersCommand,
} from "@aws-sdk/client-personalize-events";
import type { DatasetSchema } from "@rondo/personalize";
import { field, usersSchema } from "../personalize/testing/dataset-house.ts";
import { startPersonalizeEvents, TRACKING_ID } from "./testing/events-house.ts";

const items: DatasetSchema = {
  type: "Items",
  fields: [
    field("ITEM_ID"),
    field("CATEGORY_L1", { isCategorical: true }),
    field("PRICE", { type: "float", isNullable: true }),
    field("CREATION_TIMESTAMP", { type: "long" }),
  ],
};

const actions: DatasetSchema = {
  type: "Actions",
  fields: [field("ACTION_ID"), field("VALUE", { type: "long", isNullable: true })],
};

const actionInteractions: DatasetSchema = {
  type: "Action_Interactions",
  fields: [field("USER_ID"), field("ACTION_ID"), field("EVENT_TYPE"), field("TIMESTAMP", { type: "long" })],
};

describe("records of things", { timeout: 60_000 }, () => {
  test("PutItems stores items, new as of now unless they say when", async () => {
    await using server = await startPersonalizeEvents();
    const datasetArn = await server.insertDataset(items);
    const now = Math.floor(server.clock.now().getTime() / 1000);
    await server.client.send(
      new PutItemsCommand({
        datasetArn,
        items: [
          { itemId: "i1", properties: '{"categoryL1":"shoe|boot","price":"9.5"}' },
          { itemId: "i2", properties: '{"CATEGORY_L1":"hat","price":null,"creationTimestamp":77}' },
        ],
      }),
    );
    assert.deepEqual(
      (await server.records()).map(({ dataset, userId, content }) => ({ dataset, userId, ...content })),
      [
        {
          dataset: "Items",
          userId: undefined,
          ITEM_ID: "i1",
          CATEGORY_L1: "shoe|boot",
          PRICE: 9.5,
          CREATION_TIMESTAMP: now,
        },
        { dataset: "Items", userId: undefined, ITEM_ID: "i2", CATEGORY_L1: "hat", PRICE: null, CREATION_TIMESTAMP: 77 },
      ],
    );
  });

  test("PutUsers and PutActions store users and actions", async () => {
    await using server = await startPersonalizeEvents();
    const users = await server.insertDataset(usersSchema);
    const own = await server.insertDataset(actions);
    await server.client.send(
      new PutUsersCommand({ datasetArn: users, users: [{ userId: "u1", properties: '{"age":30}' }] }),
    );
    await server.client.send(new PutActionsCommand({ datasetArn: own, actions: [{ actionId: "a1" }] }));
    assert.deepEqual(
      (await server.records()).map(({ dataset, userId, content }) => [dataset, userId, content]),
      [
        ["Users", "u1", { AGE: 30 }],
        ["Actions", undefined, { ACTION_ID: "a1" }],
      ],
    );
  });

  test("PutActionInteractions stores what users did with actions", async () => {
    await using server = await startPersonalizeEvents();
    await server.insertDataset(actionInteractions, { trackingId: "actions-1" });
    const put = (eventType: string, trackingId = "actions-1") =>
      server.client.send(
        new PutActionInteractionsCommand({
          trackingId,
          actionInteractions: [
            { actionId: "a1", userId: "u1", sessionId: "s1", eventType, timestamp: new Date(5000), eventId: "e1" },
          ],
        }),
      );
    await put("Not Taken");
    await assert.rejects(put("clicked"), {
      name: "InvalidInputException",
      message: /must be Viewed, Taken or Not Taken/,
    });
    await assert.rejects(put("Taken", TRACKING_ID), { name: "ResourceNotFoundException" });
    const [record] = await server.records();
    assert.deepEqual(record, {
      number: 1,
      dataset: "Action_Interactions",
      userId: "u1",
      sessionId: "s1",
      eventId: "e1",
      content: { ACTION_ID: "a1", EVENT_TYPE: "Not Taken", TIMESTAMP: 5 },
    });
  });

  test("what the schema does not know or requires is refused, and so is another dataset", async () => {
    await using server = await startPersonalizeEvents();
    const itemsArn = await server.insertDataset(items);
    const usersArn = await server.insertDataset(usersSchema, {}, "DELETE IN_PROGRESS");
    const put = (datasetArn: string, properties?: string) =>
      server.client.send(new PutItemsCommand({ datasetArn, items: [{ itemId: "i1", properties }] }));
    const refused = { name: "InvalidInputException" };
    await assert.rejects(put(itemsArn, '{"categoryL1":"a","size":3}'), {
      ...refused,
      message: /items\[0\]\.properties has size, and the schema of Items has no such column/,
    });
    await assert.rejects(put(itemsArn, '{"price":3}'), { ...refused, message: /is missing CATEGORY_L1/ });
    await assert.rejects(put(itemsArn), { ...refused, message: /is missing CATEGORY_L1/ });
    await assert.rejects(put(usersArn), { ...refused, message: /is of type Users, and the operation needs Items/ });
    await assert.rejects(put(`${itemsArn}X`), { name: "ResourceNotFoundException" });
    await assert.rejects(server.client.send(new PutUsersCommand({ datasetArn: usersArn, users: [{ userId: "u1" }] })), {
      name: "ResourceInUseException",
      message: /is in status DELETE IN_PROGRESS/,
    });
    assert.deepEqual(await server.records(), []);
  });
});
