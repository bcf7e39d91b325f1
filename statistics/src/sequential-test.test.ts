import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "./random.ts";
import { sequentialComparison } from "./sequential-test.ts";

interface Experiment {
  readonly rates: readonly [number, number];
  readonly looks: number;
  readonly perLook: number;
  readonly seed: number;
}

/** The look at which the test decides, and whether a test of fixed size, looked at each time, would have; undefined: never. */
function runExperiment({ rates, looks, perLook, seed }: Experiment) {
  const random = createRandom(seed);
  const arms = [0, 0];
  let decidedAt: number | undefined;
  let isFixedFooled = false;
  for (let look = 1; look <= looks; look++) {
    for (let arm = 0; arm < 2; arm++) {
      for (let user = 0; user < perLook; user++) if (random() < rates[arm]) arms[arm]++;
    }
    const trials = look * perLook;
    const [first, second] = arms.map((successes) => ({ successes, trials }));
    const { isDecided, pValue, difference } = sequentialComparison(first, second, { mixtureDeviation: 0.03 });
    assert.equal(isDecided, pValue < 0.05, "interval and p-value say the same");
    if (isDecided) decidedAt ??= look;
    const variance = [first, second].reduce((sum, each) => {
      const rate = each.successes / trials;
      return sum + (rate * (1 - rate)) / trials;
    }, 0);
    isFixedFooled ||= Math.abs(difference) > 1.96 * Math.sqrt(variance);
  }
  return { decidedAt, isFixedFooled };
}

test("two equal variants are told apart in at most one of twenty experiments, though looked at 100 times", () => {
  const runs = Array.from({ length: 400 }, (_, seed) =>
    runExperiment({ rates: [0.1, 0.1], looks: 100, perLook: 50, seed }),
  );
  const wrong = runs.filter(({ decidedAt }) => decidedAt !== undefined).length;
  assert.ok(wrong <= 20, `${wrong} of 400`);
  const fooled = runs.filter(({ isFixedFooled }) => isFixedFooled).length;
  assert.ok(fooled > 100, `a test of fixed size is fooled in ${fooled} of 400`);
});

test("a difference of the expected size is found, and found early", () => {
  const runs = Array.from({ length: 100 }, (_, seed) =>
    runExperiment({ rates: [0.1, 0.13], looks: 200, perLook: 50, seed }),
  );
  const found = runs.flatMap(({ decidedAt }) => (decidedAt === undefined ? [] : [decidedAt]));
  assert.ok(found.length >= 90, `${found.length} of 100`);
  const mean = found.reduce((sum, look) => sum + look, 0) / found.length;
  assert.ok(mean < 150, `${mean}`);
});

test("the ratio and the interval are those of the paper's equations", () => {
  // V = 0.1·0.9/1000 + 0.14·0.86/1000 = 0.0002104; τ² = 0.0009; θ = 0.04.
  const { difference, pValue, low, high } = sequentialComparison(
    { successes: 100, trials: 1_000 },
    { successes: 140, trials: 1_000 },
    { mixtureDeviation: 0.03 },
  );
  assert.ok(Math.abs(difference - 0.04) < 1e-12);
  const ratio = Math.sqrt(0.0002104 / 0.0011104) * Math.exp((0.0009 * 0.0016) / (2 * 0.0002104 * 0.0011104));
  assert.ok(Math.abs(pValue - 1 / ratio) < 1e-9);
  const half = Math.sqrt(((0.0002104 * 0.0011104) / 0.0009) * (2 * Math.log(20) + Math.log(0.0011104 / 0.0002104)));
  assert.ok(Math.abs(high - low - 2 * half) < 1e-9);
});

test("too few outcomes decide nothing, and a mixture without width is refused", () => {
  const none = sequentialComparison({ successes: 0, trials: 10 }, { successes: 10, trials: 10 });
  assert.deepEqual([none.pValue, none.low, none.high, none.isDecided], [1, -1, 1, false]);
  const arm = { successes: 10, trials: 20 };
  assert.throws(() => sequentialComparison(arm, arm, { mixtureDeviation: 0 }), RangeError);
  assert.throws(() => sequentialComparison(arm, arm, { alpha: 1 }), RangeError);
});
