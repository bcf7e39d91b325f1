import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers, texts } from "../testing/retail-slice.ts";
import { impressionResponse } from "./impression-response.ts";
import { prepareTrainingData, type TrainingData } from "./training-data.ts";

/** 100 events: a is taken whenever it is shown with b, which never is; c was shown once, d never. */
function shownItems(withImpressions: boolean): TrainingData {
  const count = 100;
  const columns = {
    USER_ID: texts(Array.from({ length: count }, (_, event) => `user-${event % 10}`)),
    ITEM_ID: texts(Array.from({ length: count }, (_, event) => (event < 97 ? "a" : ["b", "c", "d"][event - 97]))),
    TIMESTAMP: numbers(Array.from({ length: count }, (_, event) => event)),
    ...(withImpressions && {
      IMPRESSION: texts(Array.from({ length: count }, (_, event) => (event === 98 ? "c|unknown" : "b|a"))),
    }),
  };
  const schema = { type: "Interactions", fields: [] } as const;
  const group = { datasets: { Interactions: { schema, records: { count, columns } } }, eventsUpTo: 0 };
  return prepareTrainingData(group, { selection: {}, events: "Interactions", entities: "Items" });
}

test("what is shown and not taken falls behind what is taken, what was hardly shown stays", () => {
  const data = shownItems(true);
  const response = impressionResponse(data) ?? assert.fail();
  const of = (id: string): number => response[data.items.ids.indexOf(id)] ?? Number.NaN;
  assert.ok(of("a") > 1.1 && of("b") < 0.6, String(response));
  assert.ok(Math.abs(of("c") - 1) < 0.05);
  assert.equal(of("d"), 1);
});

test("without impressions there is nothing to say", () => {
  assert.equal(impressionResponse(shownItems(false)), undefined);
});
