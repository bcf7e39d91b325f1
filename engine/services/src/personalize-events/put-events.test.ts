import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Event, PutEventsCommand, type PutEventsRequest } from "@aws-sdk/client-personalize-events";
import type { DatasetSchema } from "@rondo/personalize";
import { field } from "../personalize/testing/dataset-house.ts";
import { SHOWN, startPersonalizeEvents, TRACKING_ID } from "./testing/events-house.ts";

const interactions: DatasetSchema = {
  type: "Interactions",
  fields: [
    field("USER_ID"),
    field("ITEM_ID"),
    field("TIMESTAMP", { type: "long" }),
    field("EVENT_TYPE"),
    field("EVENT_VALUE", { type: "float", isNullable: true }),
    field("NUMBER_OF_RATINGS", { type: "int", isNullable: true }),
    field("DEVICE", { isNullable: true }),
    field("IS_GIFT", { type: "boolean" }),
  ],
};

const sentAt = new Date("2026-11-21T10:00:00.700Z");
const TIMESTAMP = 1_795_255_200;
const click: Event = { eventType: "click", itemId: "i1", sentAt };

async function start() {
  const server = await startPersonalizeEvents();
  await server.insertDataset(interactions);
  const put = (eventList: Event[], changes: Partial<PutEventsRequest> = {}) =>
    server.client.send(
      new PutEventsCommand({ trackingId: TRACKING_ID, sessionId: "s1", userId: "u1", eventList, ...changes }),
    );
  return { ...server, put };
}

describe("PutEvents", { timeout: 60_000 }, () => {
  test("stores events by the columns of the schema, in their order", async () => {
    await using server = await start();
    await server.put([
      click,
      {
        ...click,
        eventId: "e1",
        eventValue: 4.5,
        recommendationId: "r1",
        impression: ["i1", "i2"],
        metricAttribution: { eventAttributionSource: "mail" },
        properties: JSON.stringify({ numberOfRatings: "12", DEVICE: 7, isGift: "True", color: "red" }),
      },
    ]);
    await server.put([{ eventType: "search", sentAt }], { userId: undefined });
    const stored = await server.records();
    assert.deepEqual(
      stored.map(({ number, dataset, userId, sessionId, eventId }) => [number, dataset, userId, sessionId, eventId]),
      [
        [1, "Interactions", "u1", "s1", undefined],
        [2, "Interactions", "u1", "s1", "e1"],
        [3, "Interactions", "s1", "s1", undefined],
      ],
    );
    assert.deepEqual(
      stored.map(({ content }) => content),
      [
        { ITEM_ID: "i1", EVENT_TYPE: "click", TIMESTAMP },
        {
          ITEM_ID: "i1",
          EVENT_TYPE: "click",
          TIMESTAMP,
          EVENT_VALUE: 4.5,
          RECOMMENDATION_ID: "r1",
          IMPRESSION: "i1|i2",
          EVENT_ATTRIBUTION_SOURCE: "mail",
          NUMBER_OF_RATINGS: 12,
          DEVICE: "7",
          IS_GIFT: true,
        },
        { EVENT_TYPE: "search", TIMESTAMP },
      ],
    );
  });

  test("takes item and value from the properties, as older clients send them", async () => {
    await using server = await start();
    await server.put([{ eventType: "rate", sentAt, properties: '{"itemId":"i9","eventValue":3}' }]);
    const [{ content } = { content: undefined }] = await server.records();
    assert.deepEqual(content, { ITEM_ID: "i9", EVENT_VALUE: 3, EVENT_TYPE: "rate", TIMESTAMP });
  });

  test("adds what a recommendation showed to an event that names it, unless the event says so itself", async () => {
    await using server = await start();
    const { recommendationId } = SHOWN;
    await server.put([
      { ...click, recommendationId },
      { ...click, recommendationId, impression: ["i1"] },
      { ...click, recommendationId: "other" },
    ]);
    assert.deepEqual(
      (await server.records()).map(({ content }) => content.IMPRESSION),
      ["i7|i8", "i1", undefined],
    );
  });

  test("stores an event that is sent again once", async () => {
    await using server = await start();
    for (const eventId of ["e1", "e1", "e2"]) await server.put([{ ...click, eventId }]);
    assert.equal((await server.records()).length, 2);
  });

  const REFUSED: readonly (readonly [what: string, request: Partial<PutEventsRequest>, message: RegExp])[] = [
    ["an unknown tracker", { trackingId: "none" }, /The trackingId none is of no event tracker/],
    ["eleven events", { eventList: Array(11).fill(click) }, /eventList/],
    ["26 impressions", { eventList: [{ ...click, impression: Array(26).fill("i") }] }, /impression/],
    ["no session", { sessionId: "" }, /sessionId/],
    ["a long id", { eventList: [{ ...click, itemId: "i".repeat(257) }] }, /itemId/],
    ["long properties", { eventList: [{ ...click, properties: `{"a":"${"x".repeat(1024)}"}` }] }, /properties/],
    ["no JSON", { eventList: [{ ...click, properties: "a=b" }] }, /eventList\[0\]\.properties is not valid JSON/],
    ["a list", { eventList: [click, { ...click, properties: "[]" }] }, /eventList\[1\]\.properties is no JSON object/],
    [
      "a text in a number's place",
      { eventList: [{ ...click, properties: '{"numberOfRatings":"many"}' }] },
      /numberOfRatings is "many", and the schema says int/,
    ],
    [
      "a fraction in an int's place",
      { eventList: [{ ...click, properties: '{"numberOfRatings":1.5}' }] },
      /numberOfRatings is 1\.5, and the schema says int/,
    ],
    [
      "a null in a boolean's place",
      { eventList: [{ ...click, properties: '{"isGift":null}' }] },
      /isGift is null, and the schema says boolean/,
    ],
    ["an object", { eventList: [{ ...click, properties: '{"device":{}}' }] }, /device is no text, number or boolean/],
    ["a reserved key", { eventList: [{ ...click, properties: '{"USER_ID":"u2"}' }] }, /may not have USER_ID/],
  ];
  test("refuses what AWS refuses, and stores nothing of it", async () => {
    await using server = await start();
    for (const [what, request, message] of REFUSED) {
      const answer = server.put([click], request);
      await assert.rejects(answer, { name: "InvalidInputException", message }, what);
    }
    assert.deepEqual(await server.records(), []);
  });

  test("needs the Interactions dataset, and finds it once it is there", async () => {
    await using server = await startPersonalizeEvents();
    const command = new PutEventsCommand({ trackingId: TRACKING_ID, sessionId: "s1", eventList: [click] });
    await assert.rejects(server.client.send(command), {
      name: "InvalidInputException",
      message: /has no Interactions dataset that is ACTIVE/,
    });
    await server.insertDataset(interactions);
    await server.client.send(command);
    assert.equal((await server.records()).length, 1);
  });

  test("ends a second after the tracker was deleted", async () => {
    await using server = await start();
    await server.put([click]);
    const { resources } = await server.resources.list({
      accountId: "111122223333",
      region: "eu-west-1",
      type: "personalize/event-tracker",
      limit: 1,
    });
    for (const tracker of resources) await server.resources.delete(tracker);
    await server.clock.advance(1000);
    await assert.rejects(server.put([click]), { name: "InvalidInputException" });
  });
});
