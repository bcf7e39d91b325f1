import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { probabilityOf, softmaxOfItems, softmaxOfScores } from "./probabilities.ts";

test("probabilities sum to 1, follow the scores and do not depend on their scale", () => {
  const random = createRandom(1);
  const scores = Float32Array.from({ length: 5000 }, () => random() ** 4);
  const softmax = softmaxOfScores(scores);
  const sum = scores.reduce((total, score) => total + probabilityOf(softmax, score), 0);
  assert.ok(Math.abs(sum - 1) < 1e-4, String(sum));
  assert.ok(probabilityOf(softmax, 0.9) > probabilityOf(softmax, 0.8));
  const scaled = scores.map((score) => 100 * score - 3);
  const other = softmaxOfScores(scaled);
  assert.ok(Math.abs(probabilityOf(other, scaled[0]) / probabilityOf(softmax, scores[0]) - 1) < 1e-3);
});

test("what is not to be shown has no part, and equal scores are equally probable", () => {
  const softmax = softmaxOfScores(Float32Array.of(1, Number.NEGATIVE_INFINITY, 0, 0));
  assert.ok(Math.abs(probabilityOf(softmax, 1) + 2 * probabilityOf(softmax, 0) - 1) < 1e-4);
  const equal = softmaxOfScores(new Float32Array(4).fill(2));
  assert.equal(probabilityOf(equal, 2), 0.25);
});

test("over some items only they count", () => {
  const scores = Float32Array.of(5, 1, 0.5);
  const softmax = softmaxOfItems(scores, [1, 2], 2);
  assert.ok(Math.abs(probabilityOf(softmax, 1) - 1 / (1 + Math.exp(-1))) < 1e-6);
});
