import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createScalarEmbeddingBag } from "./embedding-bag.ts";
import { createEmbeddingBag } from "./embedding-bag.wasm.ts";
import { allocateEmbeddingBag, type EmbeddingBagShape, type LabelPaths } from "./embedding-bag-layout.ts";

const variants = { "WebAssembly SIMD": createEmbeddingBag };

/** A small deterministic generator: tests repeat on every machine. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomRecords(shape: EmbeddingBagShape, lines: number): Int32Array {
  const random = createRandom(7);
  const records: number[] = [];
  for (let line = 0; line < lines; line++) {
    const labels = Array.from({ length: random(3) }, () => random(shape.labels));
    const rows = Array.from({ length: random(40) }, () => random(shape.words));
    const hashes = shape.wordNgrams > 1 ? Array.from({ length: random(40) }, () => random(2 ** 32) | 0) : [];
    records.push(labels.length + rows.length + 1, labels.length, rows.length, hashes.length);
    records.push(...labels, ...rows, ...hashes);
  }
  return Int32Array.from(records);
}

/** The tree in which each decision splits off one label. */
function chain(labels: number): LabelPaths {
  const paths = Array.from({ length: labels }, (_, label) => {
    const depth = Math.min(label, labels - 2);
    return Array.from({ length: depth + 1 }, (_, node) => node * 2 + (node === label ? 1 : 0)).reverse();
  });
  const starts = [0];
  for (const path of paths) starts.push(starts[starts.length - 1] + path.length);
  return { starts: Int32Array.from(starts), steps: Int32Array.from(paths.flat()) };
}

/** Initialises, learns and scores; returns every byte that a variant has written. */
function run(create: typeof createEmbeddingBag, shape: EmbeddingBagShape) {
  const records = randomRecords(shape, 300);
  const bag = allocateEmbeddingBag(shape, [{ windowBytes: records.byteLength, features: 200 }]);
  const kernel = create(bag);
  kernel.seed(5);
  kernel.initialise(3, (shape.words + shape.buckets) * shape.dim - 2, 1 / shape.dim);
  kernel.schedule({ learningRate: 0.7, totalTokens: 10_000, updateRate: 100 });
  new BigInt64Array(bag.memory.buffer, bag.layout.control, 2)[1] = 5_000n;
  kernel.window.set(records);
  const stopped = kernel.train(0, records.byteLength);
  const correct = kernel.countCorrect(records.byteLength);
  kernel.score();
  const { input, output } = bag.layout;
  const rows = bag.memory.buffer.slice(input, input + (shape.words + shape.buckets) * bag.layout.stride * 4);
  const labels = bag.memory.buffer.slice(output, output + shape.labels * bag.layout.stride * 4);
  return {
    stopped,
    correct,
    scores: [...kernel.scores],
    input: Buffer.from(rows).toString("base64"),
    output: Buffer.from(labels).toString("base64"),
    loss: kernel.loss(),
  };
}

for (const [name, create] of Object.entries(variants)) {
  describe(`embedding bag, ${name}`, () => {
    for (const loss of ["softmax", "one-versus-all", "hierarchical-softmax"] as const) {
      for (const [dim, labels, wordNgrams] of [
        [1, 2, 1],
        [10, 2, 2],
        [16, 3, 3],
        [33, 7, 2],
        [100, 5, 1],
      ]) {
        test(`${loss}, ${dim} dimensions, ${labels} labels, ${wordNgrams}-grams: equal to the scalar reference`, () => {
          // Every third bucket was left out of the pruned model.
          const kept = Int32Array.from({ length: 97 }, (_, bucket) => (bucket % 3 === 0 ? 0 : bucket + 1));
          const bucketRows = wordNgrams === 3 ? kept : undefined;
          const shape = { dim, words: 50, buckets: 97, bucketRows, labels, wordNgrams, loss, paths: chain(labels) };
          const [expected, actual] = [run(createScalarEmbeddingBag, shape), run(create, shape)];
          const { loss: expectedLoss, ...expectedRest } = expected;
          const { loss: actualLoss, ...actualRest } = actual;
          assert.deepEqual(actualRest, expectedRest);
          assert.equal(actualLoss.count, expectedLoss.count);
          assert.ok(Math.abs(actualLoss.sum - expectedLoss.sum) < 1e-9 * expectedLoss.sum, "loss");
        });
      }
    }
  });
}

test("a model beyond 4 GiB is refused with its size", () => {
  const shape = { dim: 1000, words: 10, buckets: 2_000_000, labels: 2, wordNgrams: 2, loss: "softmax" } as const;
  assert.throws(() => allocateEmbeddingBag(shape, [{ windowBytes: 4, features: 1 }]), /2000000 buckets.* MiB/);
});

test("the matrix starts with fastText's own random numbers", () => {
  const shape = { dim: 10, words: 20, buckets: 0, labels: 2, wordNgrams: 1, loss: "softmax" } as const;
  const bag = allocateEmbeddingBag(shape, [{ windowBytes: 4, features: 1 }]);
  const kernel = createEmbeddingBag(bag);
  kernel.seed(0);
  kernel.initialise(0, 10, Math.fround(1 / 10));
  // First row of the input matrix that fasttext 0.9.2 makes with dim 10, seed 0 and no training to speak of.
  const expected = [-0.08299351, 0.07832225, -0.06206205, -0.02039832, 0.04870249, 0.01207799, 0.06191333, 0.00234251];
  const row = new Float32Array(bag.memory.buffer, bag.layout.input, 8);
  for (const [index, value] of expected.entries()) assert.ok(Math.abs(row[index] - value) < 5e-9);
});
