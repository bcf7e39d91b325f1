import assert from "node:assert/strict";
import { test } from "node:test";
import { chiSquareTail, logGamma } from "./gamma.ts";
import { createRandom } from "./random.ts";
import { sampleBinomial } from "./sample-binomial.ts";

function probabilityOf(successes: number, trials: number, probability: number): number {
  const logChoose = logGamma(trials + 1) - logGamma(successes + 1) - logGamma(trials - successes + 1);
  return Math.exp(logChoose + successes * Math.log(probability) + (trials - successes) * Math.log1p(-probability));
}

for (const [trials, probability] of [
  [5, 0.3],
  [400, 0.01],
  [60, 0.5],
  [8000, 0.03],
  [300, 0.9],
] as const) {
  test(`draws of binomial(${trials}, ${probability}) have its distribution`, () => {
    const random = createRandom(12);
    const draws = 50_000;
    const seen = new Map<number, number>();
    for (let draw = 0; draw < draws; draw++) {
      const successes = sampleBinomial(random, trials, probability);
      seen.set(successes, (seen.get(successes) ?? 0) + 1);
    }
    let statistic = 0;
    let cells = 0;
    let expectedRest = draws;
    let seenRest = draws;
    for (let successes = 0; successes <= trials; successes++) {
      const expected = draws * probabilityOf(successes, trials, probability);
      if (expected < 20) continue;
      const count = seen.get(successes) ?? 0;
      statistic += (count - expected) ** 2 / expected;
      cells += 1;
      expectedRest -= expected;
      seenRest -= count;
    }
    if (expectedRest > 5) statistic += (seenRest - expectedRest) ** 2 / expectedRest;
    assert.ok(chiSquareTail(statistic, cells) > 0.001, `chi-square is ${statistic} in ${cells} cells`);
  });
}

test("certain outcomes need no luck", () => {
  const never = (): number => assert.fail("drew a number");
  assert.equal(sampleBinomial(never, 9, 0), 0);
  assert.equal(sampleBinomial(never, 9, 1), 9);
  assert.equal(sampleBinomial(never, 0, 0.4), 0);
});
