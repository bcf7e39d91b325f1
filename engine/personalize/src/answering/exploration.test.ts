import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { type ExplorationOdds, explore } from "./exploration.ts";

const odds: ExplorationOdds = { items: [7, 8, 9], weights: Float64Array.of(1, 2, 1) };

test("a list is the best, each place tried out with the weight's probability", () => {
  const random = createRandom(1);
  const rounds = 10_000;
  let explored = 0;
  for (let round = 0; round < rounds; round += 1) {
    const places = explore([1, 2, 3, 4], odds, { count: 2, weight: 0.3, random });
    explored += places.filter(({ isExplored }) => isExplored).length;
    const best = places.filter(({ isExplored }) => !isExplored).map(({ item }) => item);
    assert.deepEqual(best, [1, 2].slice(0, best.length));
  }
  assert.ok(Math.abs(explored / (2 * rounds) - 0.3) < 0.01);
});

test("propensities are true: what is shown, weighed by 1 ÷ propensity, counts 1 on average, at every place", () => {
  const random = createRandom(2);
  const rounds = 40_000;
  // Item 8 is also among the best: it comes in two ways.
  const weighed = [new Map<number, number>(), new Map<number, number>()];
  for (let round = 0; round < rounds; round += 1) {
    let ofList = 1;
    for (const [place, { item, propensity }] of explore([1, 8, 2], odds, { count: 2, weight: 0.4, random }).entries()) {
      ofList *= propensity;
      weighed[place].set(item, (weighed[place].get(item) ?? 0) + 1 / ofList / rounds);
    }
  }
  assert.deepEqual(new Set(weighed[0].keys()), new Set([1, 7, 8, 9]));
  for (const mean of weighed[0].values()) assert.ok(Math.abs(mean - 1) < 0.05, String(mean));
  // Second places: 8, 7 and 9 after 1; 1, 7 and 9 after 8; 1, 8 and the other one after 7 and after 9.
  for (const [item, lists] of Object.entries({ 1: 3, 7: 3, 8: 3, 9: 3 })) {
    assert.ok(Math.abs((weighed[1].get(Number(item)) ?? 0) - lists) < 0.3, `${item}: ${weighed[1].get(Number(item))}`);
  }
});

test("a list is filled from what is left, and ends when nothing is", () => {
  const random = createRandom(3);
  const all = explore([1], odds, { count: 10, weight: 0.5, random });
  assert.deepEqual(new Set(all.map(({ item }) => item)), new Set([1, 7, 8, 9]));
  assert.equal(all.length, 4);
  const certain = explore([1, 2], { items: [], weights: new Float64Array(0) }, { count: 2, weight: 1, random });
  assert.deepEqual(
    certain.map(({ item, propensity }) => [item, propensity]),
    [
      [1, 1],
      [2, 1],
    ],
  );
});
