import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { implicitAls } from "./implicit-als.ts";

for (const solver of ["conjugate-gradient", "cholesky"] as const) {
  testRecommender({
    recommender: implicitAls,
    parameters: { factors: 4, alpha: 5, regularization: 0.1, solver, frequencyExponent: 1, iterations: 40 },
    interactions: checkerboard,
    check: checkCheckerboard,
    endless: {
      parameters: { factors: 64, iterations: 10_000, solver },
      interactions: () => checkerboard(600, 200),
    },
  });

  test(`stopped in the middle of an iteration it keeps what was learned (${solver})`, async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const ending = { stop: controller.signal, onProgress: () => assert.fail("The iteration was finished.") };
    const given = checkerboard(2000, 300);
    const model = await implicitAls.fit({ factors: 128, solver }, given, { seed: 1, threads: 2, ...ending });
    assert.ok(model.itemFactors.every(Number.isFinite) && model.itemFactors.some((value) => value !== 0));
  });
}
