import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "./random.ts";
import { compareAuc, rocAuc } from "./roc-auc.ts";

const labels = [0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1];
const first = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.2, 0.4, 0.7, 0.55, 0.05, 0.6];
const second = [0.2, 0.5, 0.3, 0.9, 0.1, 0.8, 0.3, 0.6, 0.5, 0.5, 0.15, 0.4];

function close(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} beside ${expected}`);
}

test("area and standard error are those of DeLong's formulas written out, ties counted half", () => {
  const { auc, standardError, low, high } = rocAuc({ labels, scores: first });
  close(auc, 0.8611111111111112);
  close(standardError, 0.11041448285750996);
  close(low, auc - 1.959963984540054 * standardError);
  assert.equal(high, 1);
});

test("two classifiers on the same examples: the paired test sees that they err alike", () => {
  const { difference, low, high, pValue } = compareAuc(labels, first, second);
  close(difference, 0.013888888888888729);
  close((high - low) / 2 / 1.959963984540054, 0.10936122047238629);
  close(pValue, 0.8989402980321275, 1e-9);
  assert.deepEqual(compareAuc(labels, first, first), { difference: 0, low: 0, high: 0, pValue: 1 });
});

test("the interval holds the true area 95 times in 100", () => {
  const random = createRandom(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  // Two normal distributions one standard deviation apart: the area is Φ(1 / √2).
  const truth = 0.7602499389065233;
  let held = 0;
  for (let run = 0; run < 1000; run++) {
    const drawn = Array.from({ length: 120 }, (_, index) => (index < 50 ? 1 : 0));
    const { low, high } = rocAuc({ labels: drawn, scores: drawn.map((label) => label + normal()) });
    if (low <= truth && truth <= high) held++;
  }
  assert.ok(held >= 930 && held <= 970, `${held} of 1000`);
});

test("one class, or lists of different length, are refused", () => {
  assert.throws(() => rocAuc({ labels: [1, 1], scores: [0.5, 0.6] }), /both classes: 2 positive, 0 negative/);
  assert.throws(() => rocAuc({ labels: [1, 0], scores: [0.5] }), /2 labels and 1 scores/);
});

test("a score that is no number is refused", () => {
  assert.throws(() => rocAuc({ labels: [1, 0, 1], scores: [0.5, Number.NaN, 0.2] }), /score of example 2 is no number/);
});

test("areas without a spread that differ are different for certain", () => {
  const { difference, pValue } = compareAuc([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1]);
  assert.deepEqual([difference, pValue], [1, 0]);
});
