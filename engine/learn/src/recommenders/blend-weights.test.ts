import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { type JudgedCandidates, learnWeights, meanGain } from "./blend-weights.ts";
import { scaleOf } from "./candidates.ts";

/** 200 users with 30 candidates, of which the one with the highest `truth` is wanted; two components see it through noise, one is noise. */
function judgedCandidates(): JudgedCandidates {
  const random = createRandom(3);
  const users = Array.from({ length: 200 }, () => {
    const truth = Array.from({ length: 30 }, () => random());
    const scores = Float32Array.from({ length: 90 }, (_, index) => {
      const component = index % 3;
      return component === 2 ? random() : truth[Math.floor(index / 3)] + random() * (component + 1) * 0.3;
    });
    return { scores, relevant: [truth.indexOf(Math.max(...truth))], idealGain: 1 };
  });
  return { components: 3, users };
}

test("components that know something get weight, noise gets none, and the blend is better than each alone", async () => {
  const judged = judgedCandidates();
  const weights = await learnWeights(judged);
  assert.equal(Math.max(...weights), 1);
  assert.ok(weights[0] > 0 && weights[1] > 0 && weights[2] < 0.2, String(weights));
  const gain = meanGain(judged, weights);
  for (const alone of [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0), Float64Array.of(0, 0, 1)]) {
    assert.ok(gain > meanGain(judged, alone));
  }
});

test("gain is NDCG@10 by hand: wanted at places 1 and 3 of two", () => {
  const scores = Float32Array.of(0.9, 0.5, 0.8, 0.1);
  const judged = { components: 1, users: [{ scores, relevant: [0, 1], idealGain: 1 + 1 / Math.log2(3) }] };
  const expected = (1 + 1 / Math.log2(4)) / (1 + 1 / Math.log2(3));
  assert.ok(Math.abs(meanGain(judged, Float64Array.of(1)) - expected) < 1e-12);
});

test("scores are divided by the highest of what may be recommended; where none is above 0 their order counts as well", () => {
  const scores = Float32Array.of(8, 2, -4);
  assert.equal(scaleOf(scores, Uint32Array.of(), "history"), 1 / 8);
  assert.equal(scaleOf(scores, Uint32Array.of(0), "history"), 1 / 2);
  assert.equal(scores[0], 0);
  assert.equal(scaleOf(Float32Array.of(-1, -4), Uint32Array.of(), "none"), 1 / 4);
  assert.equal(scaleOf(new Float32Array(2), Uint32Array.of(), "none"), 0);
});
