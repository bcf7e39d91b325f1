import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLbfgs } from "./lbfgs.ts";

type Problem = (point: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

/** Runs a search to its end and counts how often the function was evaluated. */
function minimise(problem: Problem, start: readonly number[], iterations = 200) {
  const search = createLbfgs({ start: Float64Array.from(start), iterations, tolerance: 1e-8 });
  let evaluations = 0;
  while (!search.finished && evaluations < 10_000) {
    const { value, gradient } = problem(search.point);
    search.tell(value, gradient);
    evaluations += 1;
  }
  assert.ok(search.finished);
  return { point: search.point, evaluations };
}

const near = (actual: Float64Array, expected: readonly number[]): void => {
  for (const [index, value] of expected.entries()) {
    assert.ok(Math.abs(actual[index] - value) < 1e-4, `${actual.join(" ")}, not ${expected.join(" ")}`);
  }
};

/** Σ factor (x − target)²; factors differ by 10⁴. */
const factors = [1, 100, 10_000, 10];
const targets = [1, -2, 3, 0];
const quadratic: Problem = (point) => ({
  value: point.reduce((sum, x, index) => sum + factors[index] * (x - targets[index]) ** 2, 0),
  gradient: point.map((x, index) => 2 * factors[index] * (x - targets[index])),
});

describe("L-BFGS", () => {
  test("a quadratic of condition 10,000", () => {
    const { point, evaluations } = minimise(quadratic, [5, 5, 5, 5]);
    near(point, targets);
    assert.ok(evaluations < 60, `${evaluations}`);
  });

  test("a function whose Hessian changes: Σ eˣ − 2x", () => {
    const exponential: Problem = (point) => ({
      value: point.reduce((sum, x) => sum + Math.exp(x) - 2 * x, 0),
      gradient: point.map((x) => Math.exp(x) - 2),
    });
    near(minimise(exponential, [5, -5]).point, [Math.log(2), Math.log(2)]);
  });

  test("a start at the minimum stays there; no iterations, no evaluation", () => {
    assert.deepEqual([...minimise(quadratic, targets).point], targets);
    assert.equal(minimise(quadratic, [5, 5, 5, 5], 0).evaluations, 0);
    assert.deepEqual([...minimise(quadratic, [5, 5, 5, 5], 0).point], [5, 5, 5, 5]);
  });

  test("interrupted within a step, the best point is where the step began", () => {
    const search = createLbfgs({ start: Float64Array.of(5), iterations: 10, tolerance: 1e-8 });
    assert.deepEqual([...search.best], [5]);
    search.tell(25, Float64Array.of(10));
    assert.notEqual(search.point[0], 5);
    search.tell(1e9, Float64Array.of(1));
    assert.deepEqual([...search.best], [5]);
    assert.notEqual(search.point[0], 5);
  });

  test("a gradient that leads nowhere ends the search where it was", () => {
    const wrong: Problem = (point) => ({ value: point[0] ** 2, gradient: point.map((x) => -2 * x) });
    assert.deepEqual([...minimise(wrong, [1]).point], [1]);
  });
});
