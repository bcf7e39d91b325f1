import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { denseMatrix } from "../../table/matrix.ts";
import { acceleratedFailure } from "./accelerated-failure.ts";
import { type AcceleratedFailureLoss, acceleratedFailureLoss, type TimeBounds } from "./accelerated-failure-loss.ts";
import { cox } from "./cox.ts";
import { failureDistributions } from "./failure-distributions.ts";

const features = denseMatrix([[0], [0]]);

/** Of a central difference. */
function slope(loss: AcceleratedFailureLoss, { lower, upper }: TimeBounds, margin: number): number {
  const step = 1e-5;
  return (loss.value(lower, upper, margin + step) - loss.value(lower, upper, margin - step)) / (2 * step);
}

test("derivatives of the accelerated failure time model are those of its loss", () => {
  for (const name of Object.keys(failureDistributions) as (keyof typeof failureDistributions)[]) {
    const loss = acceleratedFailureLoss(name, 0.7);
    for (const [lower, upper] of [
      [2, 2],
      [2, Infinity],
      [0, 3],
      [1, 4],
    ] as const) {
      for (const margin of [-0.5, 0.3, 1.2]) {
        const out = { first: 0, second: 0 };
        loss.derivatives({ lower, upper }, margin, out);
        assert.ok(
          Math.abs(out.first - slope(loss, { lower, upper }, margin)) < 1e-6,
          `${name} ${lower} ${upper} ${margin}`,
        );
        const beside = { first: 0, second: 0 };
        loss.derivatives({ lower, upper }, margin + 1e-5, beside);
        assert.ok(
          Math.abs(out.second - (beside.first - out.first) / 1e-5) < 1e-3,
          `${name} ${lower} ${upper} ${margin}`,
        );
      }
    }
  }
});

test("times without bounds, or with bounds that cross, are refused", () => {
  const objective = acceleratedFailure({ distribution: "normal", scale: 1 });
  const check = (lower: number, upper: number): void =>
    objective.check({ features, bounds: { lower: Float32Array.of(1, lower), upper: Float32Array.of(1, upper) } });
  check(0, Infinity);
  assert.throws(() => check(2, 1), /row 2 are 2 and 1/);
  assert.throws(() => check(0, 0), DataError);
  assert.throws(() => check(Number.NaN, 1), DataError);
  assert.throws(() => objective.check({ features }), /lower and upper bound/);
  assert.throws(() => cox().check({ features }), DataError);
});

test("predictions are times and hazard ratios; a base score is one of them", () => {
  for (const objective of [acceleratedFailure({ distribution: "extreme", scale: 2 }), cox()]) {
    assert.deepEqual([...objective.transform(Float32Array.of(0))], [1]);
    assert.equal(objective.toMargin(1), 0);
  }
});
