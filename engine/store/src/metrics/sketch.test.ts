import assert from "node:assert/strict";
import { test } from "node:test";
import { emptySketch, mergeSketches, percentile, relativeError, type Sketch, sketchCount } from "./sketch.ts";

const exact = (values: readonly number[]): Sketch => ({ level: 0, values: values.map((value) => [value, 1] as const) });

test("few values are kept exactly, repetitions as counts", () => {
  const sketch = mergeSketches(exact([3, 1]), exact([1, 2]));
  assert.deepEqual(sketch, {
    level: 0,
    values: [
      [1, 2],
      [2, 1],
      [3, 1],
    ],
  });
  assert.equal(percentile(sketch, 50), 1);
  assert.equal(percentile(sketch, 75), 2);
  assert.equal(percentile(sketch, 100), 3);
  assert.equal(percentile(emptySketch, 50), undefined);
});

test("many values stay within the stated error, in bounded space, however they arrive", () => {
  for (const range of [100, 1e6, 1e15]) {
    const values = Array.from({ length: 20_000 }, (_, index) => range ** (((index * 7919) % 20_000) / 20_000));
    let sketch = emptySketch;
    for (let index = 0; index < values.length; index += 100)
      sketch = mergeSketches(sketch, exact(values.slice(index, index + 100)));
    assert.ok(sketch.values.length <= 400);
    assert.equal(sketchCount(sketch), values.length);
    const sorted = values.toSorted((left, right) => left - right);
    for (const percent of [1, 50, 90, 99, 99.9]) {
      const truth = sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
      const error = Math.abs((percentile(sketch, percent) ?? Number.NaN) - truth) / truth;
      assert.ok(
        error <= relativeError(sketch.level) * 1.000001,
        `p${percent} of range ${range}: ${error} at level ${sketch.level}`,
      );
    }
  }
  assert.ok(Math.abs(relativeError(1) - 0.01) < 1e-12);
});

test("negative values and zero keep their place", () => {
  const values = Array.from({ length: 1001 }, (_, index) => index - 500);
  const sketch = mergeSketches(exact(values), emptySketch);
  assert.ok(sketch.level > 0);
  const low = percentile(sketch, 25) ?? 0;
  assert.ok(Math.abs(low + 250) < 250 * relativeError(sketch.level) + 1);
  assert.equal(Math.abs(percentile(sketch, 50) ?? 1), 0);
});
