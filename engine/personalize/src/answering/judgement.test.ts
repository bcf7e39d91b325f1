import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { bindFilter } from "../filters/bind-filter.ts";
import { openFilter } from "../filters/open-filter.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import { openRecommender } from "./open-recommender.ts";
import { liveRecords, type SmallModel, smallModel, twoTastes } from "./testing/small-model.ts";

const KNOWN = Array.from({ length: 150 }, (_, index) => `known${index}`);

/** The first of u0's list by a model whose scorer of new items wants nothing but z. */
async function bestFor(given: Partial<SmallModel>, expression?: string): Promise<string | undefined> {
  const events = [...(given.events ?? twoTastes()), { user: "somebody", item: "z", time: 0 }];
  const model = await smallModel({ recipe: "aws-user-personalization", ...given, events });
  const { length } = model.trained.items.ids;
  const onlyZ = Float32Array.from(model.trained.items.ids, (id) => Number(id === "z"));
  const newItemsScorer = { items: length, score: () => onlyZ };
  const options = { explorationWeight: 0, random: createRandom(1) };
  const recommender = openRecommender({ ...model, newItemsScorer }, liveRecords(), options);
  const filter =
    expression === undefined
      ? {}
      : { filter: openFilter(bindFilter(parseFilter(expression), {}), recommender.catalogue()) };
  return recommender.recommend({ userId: "u0", numResults: 1, ...filter }).items[0]?.itemId;
}

suite("a list without what the user knows is judged for that", () => {
  const everything = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';

  test("where a filter keeps all of it out, and not where it keeps a part or there is none", async () => {
    assert.equal(await bestFor({}, everything), "z");
    assert.notEqual(await bestFor({}, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("Purchase")'), "z");
    assert.notEqual(await bestFor({}), "z");
  });

  test("where the history is longer than what filters see of it", async () => {
    const events = ["u0", "u1"].flatMap((user) => KNOWN.map((item, time) => ({ user, item, time })));
    assert.equal(await bestFor({ events }, everything), "z");
  });

  test("where a domain's use case hides all of it", async () => {
    const recipe = "aws-ecomm-recommended-for-you";
    const bought = twoTastes().map((event) => ({ ...event, type: "Purchase" }));
    assert.equal(await bestFor({ recipe, events: bought }), "z");
    assert.notEqual(await bestFor({ recipe }), "z");
  });
});
