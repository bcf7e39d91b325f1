import assert from "node:assert/strict";
import { test } from "node:test";
import { brierScore, expectedCalibrationError, reliability } from "./calibration.ts";
import { createRandom } from "./random.ts";

test("bins hold equally many examples and say what happened in them", () => {
  const bins = reliability({ labels: [0, 1, 1, 1], scores: [0.2, 0.8, 0.4, 1] }, 2);
  assert.deepEqual(
    bins.map(({ count, observed }) => [count, observed]),
    [
      [2, 0.5],
      [2, 1],
    ],
  );
  assert.ok(bins.every(({ low, high, observed }) => low <= observed && observed <= high));
  assert.deepEqual(
    bins.map(({ meanProbability }) => Math.round(meanProbability * 100)),
    [30, 90],
  );
  assert.ok(Math.abs(expectedCalibrationError({ labels: [0, 1, 1, 1], scores: [0.2, 0.8, 0.4, 1] }, 2) - 0.15) < 1e-12);
});

test("honest probabilities have a small error, exaggerated ones a large one", () => {
  const random = createRandom(11);
  const truth = Array.from({ length: 20_000 }, () => random());
  const labels = truth.map((probability) => (random() < probability ? 1 : 0));
  const exaggerated = truth.map((probability) => (probability < 0.5 ? probability / 2 : 1 - (1 - probability) / 2));
  assert.ok(expectedCalibrationError({ labels, scores: truth }) < 0.02);
  assert.ok(Math.abs(expectedCalibrationError({ labels, scores: exaggerated }) - 0.125) < 0.02);
  assert.ok(brierScore({ labels, scores: truth }) < brierScore({ labels, scores: exaggerated }));
});

test("the Brier score, no examples, and what is no probability", () => {
  assert.ok(Math.abs(brierScore({ labels: [1, 0], scores: [0.8, 0.1] }) - 0.025) < 1e-12);
  assert.deepEqual(reliability({ labels: [], scores: [] }), []);
  assert.throws(() => reliability({ labels: [1, 0], scores: [0.5, 1.2] }), /from 0.5 to 1.2/);
});
