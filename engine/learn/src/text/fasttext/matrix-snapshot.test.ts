import assert from "node:assert/strict";
import { test } from "node:test";
import { allocateEmbeddingBag } from "@rondo/kernels";
import { takeSnapshot } from "./matrix-snapshot.ts";

test("puts every weight back, also where there was zero", () => {
  const shape = { dim: 10, words: 5000, buckets: 3, labels: 2, wordNgrams: 2, loss: "softmax" } as const;
  const bag = allocateEmbeddingBag(shape, [{ windowBytes: 16, features: 4 }]);
  const weights = new Float32Array(bag.memory.buffer, bag.layout.output);
  weights.set([1, 2, 3]);
  weights[70_000] = 4;
  const before = weights.slice();
  const restore = takeSnapshot(bag);
  weights[0] = 9;
  weights[40_000] = 5;
  weights[70_000] = 0;
  restore();
  assert.deepEqual(weights.slice(), before);
});
