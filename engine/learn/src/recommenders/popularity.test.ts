import assert from "node:assert/strict";
import { test } from "node:test";
import { testRecommender } from "../testing/recommender-suite.ts";
import { createInteractions } from "./interactions.ts";
import { popularity } from "./popularity.ts";
import { trending } from "./trending.ts";

const DAY = 86_400;
/** Item 0 was bought by three users long ago, item 1 by one user three times, item 2 by two users of late. */
const interactions = createInteractions({
  users: 4,
  items: 4,
  events: {
    users: Uint32Array.of(0, 1, 2, 3, 3, 3, 0, 1),
    items: Uint32Array.of(0, 0, 0, 1, 1, 1, 2, 2),
    times: Float64Array.of(0, 0, 0, 1, 2, 3, 100 * DAY, 101 * DAY),
    weights: Float32Array.of(1, 1, 1, 2, 2, 2, 1, 1),
  },
});
const context = { seed: 1, threads: 1 };

for (const [parameters, expected] of [
  [{}, [3, 1, 2, 0]],
  [{ counts: "events" }, [3, 6, 2, 0]],
  [{ windowDays: 30 }, [0, 0, 2, 0]],
  [{ counts: "events", halfLifeDays: 1 }, [0, 0, 1.5, 0]],
] as const) {
  test(`popularity with ${JSON.stringify(parameters)}`, async () => {
    const { scores } = await popularity.fit(parameters, interactions, context);
    assert.deepEqual(
      [...scores].map((score) => Math.round(score * 1e4) / 1e4),
      expected,
    );
  });
}

test("trending is what rises from one window to the next", async () => {
  const { scores } = await trending.fit({ windowHours: 60 * 24 }, interactions, context);
  assert.deepEqual(
    [...scores].map((score) => Math.sign(score)),
    [-1, -1, 1, 0],
  );
});

testRecommender({
  recommender: popularity,
  parameters: {},
  interactions: () => interactions,
  check: (recommendations) => assert.equal(recommendations[3]?.items[0], 0),
});

testRecommender({
  recommender: trending,
  parameters: { windowHours: 48 },
  interactions: () => interactions,
  check: (recommendations) => assert.equal(recommendations[3]?.items[0], 2),
});
