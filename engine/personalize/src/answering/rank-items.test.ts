import assert from "node:assert/strict";
import { test } from "node:test";
import { bindFilter } from "../filters/bind-filter.ts";
import { openFilter } from "../filters/open-filter.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import { openRecommender } from "./open-recommender.ts";
import { liveRecords, smallModel, twoTastes } from "./testing/small-model.ts";

async function open() {
  const model = await smallModel({ recipe: "aws-personalized-ranking", events: twoTastes() });
  return openRecommender(model, liveRecords(), { random: () => 0 });
}

test("a list comes back in the user's order, with scores that sum to 1 over it", async () => {
  const ranker = await open();
  const inputList = ["b0", "a0", "b4", "a4"];
  const { items } = ranker.rank({ userId: "u0", inputList });
  assert.deepEqual(items.map(({ itemId }) => itemId[0]).join(""), "aabb");
  assert.ok(Math.abs(items.reduce((sum, { score = 0 }) => sum + score, 0) - 1) < 1e-6);
  const reverse = ranker.rank({ userId: "u1", inputList }).items;
  assert.deepEqual(reverse.map(({ itemId }) => itemId[0]).join(""), "bbaa");
});

test("unknown items are appended without scores, and the same one is ranked once", async () => {
  const ranker = await open();
  const { items, notes } = ranker.rank({ userId: "u0", inputList: ["x", "b0", "y", "a0", "b0"] });
  assert.deepEqual(
    items.map(({ itemId }) => itemId),
    ["a0", "b0", "x", "y"],
  );
  assert.equal(items[2]?.score, undefined);
  assert.deepEqual(notes, ["2 items that the model does not know are at the end"]);
});

test("a filter leaves out, an unknown user goes by popularity, too long a list is refused", async () => {
  const ranker = await open();
  const known = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
  const filter = openFilter(bindFilter(parseFilter(known)), ranker.catalogue());
  assert.deepEqual(
    ranker.rank({ userId: "u0", inputList: ["a0", "b0", "x"], filter }).items.map(({ itemId }) => itemId),
    ["b0"],
  );
  const unknown = ranker.rank({ userId: "nobody", inputList: ["a9", "a0"], explain: true });
  assert.deepEqual(
    unknown.items.map(({ itemId }) => itemId),
    ["a0", "a9"],
  );
  assert.deepEqual(unknown.items[0]?.explanation, [{ because: "popular", share: 1 }]);
  assert.throws(() => ranker.rank({ userId: "u0", inputList: Array.from({ length: 501 }, String) }), {
    field: "inputList",
  });
  assert.throws(() => ranker.recommend({ userId: "u0", numResults: 1 }), { field: "campaignArn" });
});
