import assert from "node:assert/strict";
import { test } from "node:test";
import type { JudgedCandidates } from "@rondo/learn";
import { createRandom } from "@rondo/statistics";
import { learnWeights } from "./learn-weights.ts";

/** 300 users with 30 candidates, of which the one with the highest `truth` is wanted; two components see it through noise, one is noise. */
function judgedCandidates(): JudgedCandidates {
  const random = createRandom(3);
  const users = Array.from({ length: 300 }, () => {
    const truth = Array.from({ length: 30 }, () => random());
    const scores = Float32Array.from({ length: 90 }, (_, index) => {
      const component = index % 3;
      return component === 2 ? random() : truth[Math.floor(index / 3)] + random() * (component + 1) * 0.3;
    });
    return { scores, relevant: [truth.indexOf(Math.max(...truth))], idealGain: 1 };
  });
  return { components: 3, users };
}

test("the clearer a component sees, the more it counts, and noise counts nothing", async () => {
  const { weights, steepness = 0 } = await learnWeights(judgedCandidates());
  const [clear, blurred, noise] = weights;
  assert.equal(clear, 1);
  assert.ok(blurred > 0.1 && blurred < 0.6, String(blurred));
  assert.ok(noise < 0.1, String(noise));
  // Of the best of 30 uniform draws, seen through noise of 0.3, a flat softmax would be sure of nothing and a steep one too sure.
  assert.ok(steepness > 5 && steepness < 100, String(steepness));
});

test("without anybody to learn from, all count alike", async () => {
  const users = [{ scores: Float32Array.of(1, 0), relevant: [], idealGain: 1 }];
  const { weights, steepness } = await learnWeights({ components: 2, users });
  assert.deepEqual([...weights, steepness], [1, 1, undefined]);
});

test("an abort is noticed", async () => {
  await assert.rejects(learnWeights(judgedCandidates(), AbortSignal.abort()), { name: "AbortError" });
});
