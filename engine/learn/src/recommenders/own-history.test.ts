import assert from "node:assert/strict";
import { test } from "node:test";
import { checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { createInteractions } from "./interactions.ts";
import { ownHistory } from "./own-history.ts";
import { recommend } from "./recommend.ts";

const DAY = 86_400;
/** User 0 bought item 0 twice long ago and item 1 once of late; the others came back for item 1, not for item 0. */
const interactions = createInteractions({
  users: 3,
  items: 3,
  events: {
    users: Uint32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2),
    items: Uint32Array.of(0, 0, 1, 1, 1, 0, 1, 1, 0),
    times: Float64Array.of(0, DAY, 200 * DAY, 0, DAY, 2 * DAY, 0, DAY, 2 * DAY),
  },
});

for (const [parameters, best] of [
  [{}, 0],
  [{ halfLifeDays: 30 }, 1],
  [{ repeatExponent: 5 }, 1],
] as const) {
  test(`the best of one's own history with ${JSON.stringify(parameters)}`, async () => {
    const model = await ownHistory.fit(parameters, interactions, { seed: 1, threads: 1 });
    const { items } = recommend(ownHistory.open(model), interactions, 0, { count: 3 });
    assert.equal(items[0], best);
    assert.equal(items[2], 2);
  });
}

test("items for which people come back count more", async () => {
  const { repetition } = await ownHistory.fit({ repeatExponent: 1 }, interactions, { seed: 1, threads: 1 });
  assert.ok(repetition[1] > repetition[0]);
});

testRecommender({
  recommender: ownHistory,
  parameters: {},
  interactions: checkerboard,
  check: (recommendations) => assert.ok(recommendations.every(({ items }) => items.length > 0)),
});
