import assert from "node:assert/strict";
import { test } from "node:test";
import { type BayesianRanking, learnRankingScalar } from "./bayesian-ranking.ts";
import { openRankingLearner } from "./bayesian-ranking.wasm.ts";
import { randomRows } from "./testing/random-rows.ts";

function rankingOf(users: number, items: number): BayesianRanking {
  const { starts, columnIndexes: pairItems } = randomRows({ rows: users, columns: items, density: 0.3, seed: 4 });
  const factorsOf = (rows: number): Float32Array =>
    Float32Array.from({ length: rows * 8 }, (_, index) => Math.sin(index) / 5);
  const factors = { userFactors: factorsOf(users), itemFactors: factorsOf(items), biases: new Float32Array(items) };
  return { stride: 8, items, ...factors, starts, pairItems, learningRate: 0.05, regularization: 0.01, seed: 7 };
}

test("the kernel learns what the scalar reference learns, in one call or in several", () => {
  const [reference, ranking] = [rankingOf(23, 17), rankingOf(23, 17)];
  const right = learnRankingScalar(reference, 2000);
  const learner = openRankingLearner(ranking);
  assert.ok(Math.abs(learner.learn(700) + learner.learn(1300) - right) <= 3);
  for (const [index, value] of learner.itemFactors.entries()) {
    assert.ok(Math.abs(value - reference.itemFactors[index]) < 1e-4);
  }
  for (const [item, bias] of learner.biases.entries()) assert.ok(Math.abs(bias - reference.biases[item]) < 1e-4);
  learner.learn(20_000);
  assert.ok(learner.learn(2000) > 1.1 * right, "more and more are in the right order");
});
