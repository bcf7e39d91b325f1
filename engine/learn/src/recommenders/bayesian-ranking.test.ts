import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { bayesianRanking } from "./bayesian-ranking.ts";
import { createInteractions } from "./interactions.ts";

testRecommender({
  recommender: bayesianRanking,
  parameters: { factors: 4, iterations: 300 },
  interactions: checkerboard,
  check: checkCheckerboard,
  endless: { parameters: { iterations: 100_000 }, interactions: () => checkerboard(300, 60) },
});

test("users with long histories: an abort ends the ranking of all", async () => {
  const [users, length] = [8, 500];
  const given = createInteractions({
    users,
    items: 1000,
    events: {
      users: Uint32Array.from({ length: users * length }, (_, event) => Math.floor(event / length)),
      items: Uint32Array.from({ length: users * length }, (_, event) => event % length),
    },
  });
  const model = await bayesianRanking.fit({ factors: 4, iterations: 1 }, given, { seed: 1, threads: 1 });
  const controller = new AbortController();
  setImmediate(() => setImmediate(() => controller.abort()));
  const preparing = bayesianRanking.open(model).prepare?.(given, { threads: 1, signal: controller.signal });
  await assert.rejects(async () => await preparing, { name: "AbortError" });
});
