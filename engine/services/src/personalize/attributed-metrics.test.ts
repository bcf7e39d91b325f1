import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DatasetRecord } from "@rondo/store";
import { type AttributionContext, countAttributed, parseMetricAttribute } from "./attributed-metrics.ts";
import { createAnswererFinder, newRecommendationId } from "./recommendation-id.ts";

const campaignArn = "arn:aws:personalize:eu-west-1:111122223333:campaign/offers";
const now = new Date("2026-11-21T12:00:30Z");
const TIMESTAMP = Date.parse("2026-11-21T11:59:50Z") / 1000;
const recently = new Date("2026-11-21T11:59:00Z");

const context: AttributionContext = {
  datasetGroupArn: "group",
  now,
  answererOf: createAnswererFinder([`${campaignArn}-old`, campaignArn]),
  itemValue: (column, itemId) => (column === "PRICE" ? { i1: 10, i2: 2.5 }[itemId] : undefined),
};

function event(content: DatasetRecord["content"]): DatasetRecord {
  return { number: 1, dataset: "Interactions", content: { EVENT_TYPE: "buy", ITEM_ID: "i1", TIMESTAMP, ...content } };
}

describe("parseMetricAttribute", () => {
  const READ = [
    ["SAMPLECOUNT()", undefined],
    [" samplecount( ) ", undefined],
    ["SUM(Items.PRICE)", { dataset: "Items", name: "PRICE" }],
    ["sum( interactions.event_value )", { dataset: "Interactions", name: "EVENT_VALUE" }],
  ] as const;
  for (const [expression, column] of READ) {
    test(`reads ${expression}`, () => {
      const metric = parseMetricAttribute({ eventType: "buy", metricName: "revenue", expression });
      assert.deepEqual(metric, { name: "revenue", eventType: "buy", ...(column && { column }) });
    });
  }
  for (const expression of ["", "COUNT()", "SUM(Users.AGE)", "SUM(PRICE)", "SUM(Items.PRICE) + 1", "SUM(Items.A-B)"]) {
    test(`refuses ${JSON.stringify(expression)}`, () => {
      const attribute = { eventType: "buy", metricName: "revenue", expression };
      assert.throws(() => parseMetricAttribute(attribute), { code: "InvalidInputException" });
    });
  }
});

describe("countAttributed", () => {
  const count = { name: "purchases", eventType: "Buy" };
  const sum = { name: "revenue", eventType: "buy", column: { dataset: "Items", name: "PRICE" } } as const;
  const own = { name: "value", eventType: "buy", column: { dataset: "Interactions", name: "EVENT_VALUE" } } as const;

  test("adds up by source and minute", () => {
    const events = [
      event({ EVENT_ATTRIBUTION_SOURCE: "mail" }),
      event({ EVENT_ATTRIBUTION_SOURCE: "mail", ITEM_ID: "i2", RECOMMENDATION_ID: newRecommendationId(campaignArn) }),
      event({ EVENT_TYPE: "view", EVENT_ATTRIBUTION_SOURCE: "mail" }),
    ];
    const dimensions = { DatasetGroupArn: "group", EVENT_ATTRIBUTION_SOURCE: "mail" };
    assert.deepEqual(countAttributed([count, sum], events, context), [
      {
        name: "purchases",
        dimensions: { ...dimensions, EVENT_TYPE: "Buy" },
        timestamp: recently,
        unit: "Count",
        statistics: { sampleCount: 2, sum: 2, minimum: 1, maximum: 1 },
      },
      {
        name: "revenue",
        dimensions: { ...dimensions, EVENT_TYPE: "buy" },
        timestamp: recently,
        unit: "None",
        statistics: { sampleCount: 2, sum: 12.5, minimum: 2.5, maximum: 10 },
      },
    ]);
  });

  test("finds the campaign of a recommendation, and names what has no source", () => {
    const events = [
      event({ RECOMMENDATION_ID: newRecommendationId(campaignArn) }),
      event({ RECOMMENDATION_ID: "RID-00000000-0000-4000-8000-000000000000" }),
      event({ RECOMMENDATION_ID: "of another system" }),
      event({}),
    ];
    const sources = countAttributed([count], events, context).map(({ dimensions, statistics }) => [
      dimensions.EVENT_ATTRIBUTION_SOURCE,
      statistics.sum,
    ]);
    assert.deepEqual(sources, [
      [campaignArn, 1],
      ["SOURCE_NAME_UNDEFINED", 3],
    ]);
  });

  test("leaves out events without a value, and counts old and future ones as of now", () => {
    const events = [
      event({ EVENT_VALUE: 3, TIMESTAMP: 5 }),
      event({ EVENT_VALUE: 4, TIMESTAMP: TIMESTAMP + 3600 }),
      event({}),
      event({ EVENT_VALUE: null }),
    ];
    const [datum, ...others] = countAttributed([own], events, context);
    assert.equal(others.length, 0);
    assert.equal(datum?.statistics.sum, 7);
    assert.deepEqual(datum?.timestamp, new Date("2026-11-21T12:00:00Z"));
    assert.deepEqual(countAttributed([sum], [event({ ITEM_ID: "unknown" })], context), []);
  });
});
