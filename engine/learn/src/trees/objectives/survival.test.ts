import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { denseMatrix } from "../../table/matrix.ts";
import { coxLikelihood } from "../metrics/survival-metrics.ts";
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

test("a hazard that is much larger than the others leaves them at risk when it is gone", () => {
  const labels = Float32Array.of(1, 2, 3, -3);
  const out = { first: new Float32Array(4), second: new Float32Array(4) };
  cox().gradients(Float32Array.of(60, 0, 0, 0), { features: denseMatrix([[0], [0], [0], [0]]), labels }, out, 0);
  // By hand: 1/3 of the risk at time 2, then also 1/2 of that at time 3.
  for (const [row, expected] of [0, 1 / 3 - 1, 1 / 3 + 1 / 2 - 1, 1 / 3 + 1 / 2].entries()) {
    assert.ok(Math.abs(out.first[row] - expected) < 1e-6, `${row}: ${out.first[row]}, not ${expected}`);
  }
  const hazards = Float32Array.of(Math.exp(60), 1, 1, 1);
  const table = { features: denseMatrix([[0], [0], [0], [0]]), labels };
  const likelihood = coxLikelihood().evaluate({ rows: 4, width: 1, values: hazards }, table);
  assert.ok(Math.abs(likelihood - (Math.log(3) + Math.log(2)) / 3) < 1e-6, `${likelihood}`);
});

test("predictions are times and hazard ratios; a base score is one of them", () => {
  for (const objective of [acceleratedFailure({ distribution: "extreme", scale: 2 }), cox()]) {
    assert.deepEqual([...objective.transform(Float32Array.of(0))], [1]);
    assert.equal(objective.toMargin(1), 0);
  }
});
