import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createScalarWordVectors } from "./word-vectors.ts";
import { createWordVectors } from "./word-vectors.wasm.ts";
import { allocateWordVectors, type SubwordTable, type WordVectorShape } from "./word-vectors-layout.ts";

const variants = { "WebAssembly SIMD": createWordVectors };

/** A small deterministic generator: tests repeat on every machine. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomRecords(words: number, lines: number): Int32Array {
  const random = createRandom(7);
  const records: number[] = [];
  for (let line = 0; line < lines; line++) {
    const line = Array.from({ length: random(30) }, () => Math.min(random(words), random(words)));
    records.push(line.length + random(2), line.length, ...line);
  }
  return Int32Array.from(records);
}

/** Some words have a row twice, the last has its own only. */
function randomSubwords({ words, buckets }: WordVectorShape): SubwordTable {
  const random = createRandom(3);
  const starts = [0];
  const rows: number[] = [];
  const spreads: number[] = [];
  for (let word = 0; word < words; word++) {
    const own = word === words - 1 ? [] : Array.from({ length: random(5) }, () => words + random(buckets));
    rows.push(word, ...own);
    const entries = rows.length - (starts.at(-1) ?? 0);
    spreads.push(own.reduce((sum, row) => sum + own.filter((other) => other === row).length, 1) / entries);
    starts.push(rows.length);
  }
  return {
    starts: Int32Array.from(starts),
    rows: Int32Array.from(rows),
    spreads: Float32Array.from(spreads),
  };
}

/** Initialises and learns; returns every byte that a variant has written. */
function run(create: typeof createWordVectors, shape: WordVectorShape, subwords?: SubwordTable) {
  const { words } = shape;
  const records = randomRecords(words, 120);
  const tables = {
    keptShares: Float32Array.from({ length: words }, (_, word) => Math.min(1, 0.3 + word / words)),
    // The first word has many slots, so that negatives are often drawn twice.
    negativeStarts: Int32Array.from({ length: words + 1 }, (_, word) => (word === 0 ? 0 : 900 + word * 7)),
    subwords,
  };
  const capacity = { windowBytes: records.byteLength, lineWords: 40, features: 1000 };
  const vectors = allocateWordVectors(shape, tables, [capacity]);
  const kernel = create(vectors);
  kernel.seed(5);
  const rows = words + shape.buckets;
  kernel.initialise(3, rows * shape.dim - 2, 1 / shape.dim);
  kernel.schedule({ learningRate: 0.4, totalTokens: 3000, updateRate: 50 });
  new BigInt64Array(vectors.memory.buffer, vectors.layout.control, 2)[1] = 1_500n;
  kernel.window.set(records);
  const stopped = kernel.train(0, records.byteLength);
  const { input, output, stride } = vectors.layout;
  const bytes = (from: number, count: number): Buffer =>
    Buffer.from(vectors.memory.buffer.slice(from, from + count * stride * 4));
  return {
    stopped,
    bytesOfRecords: records.byteLength,
    loss: kernel.loss(),
    input: bytes(input, rows).toString("base64"),
    output: bytes(output, words).toString("base64"),
  };
}

for (const [name, create] of Object.entries(variants)) {
  describe(`word vectors, ${name}`, () => {
    for (const mode of ["cbow", "skipgram", "batch-skipgram"] as const) {
      for (const [dim, window, negatives] of [
        [1, 1, 1],
        [10, 3, 5],
        [16, 2, 4],
        [33, 5, 0],
        [100, 4, 7],
      ]) {
        for (const withSubwords of mode === "batch-skipgram" ? [false] : [false, true]) {
          const what = `${mode}, ${dim} dimensions, ${negatives} negatives${withSubwords ? ", subwords" : ""}`;
          test(`${what}: equal to the scalar reference`, () => {
            const shape = { dim, words: 50, buckets: withSubwords ? 20 : 0, mode, window, negatives, batchSize: 3 };
            const subwords = withSubwords ? randomSubwords(shape) : undefined;
            const expected = run(createScalarWordVectors, shape, subwords);
            assert.ok(expected.stopped > 0 && expected.stopped < expected.bytesOfRecords);
            assert.ok(expected.loss.sum > 0 && Number.isFinite(expected.loss.sum));
            assert.deepEqual(run(create, shape, subwords), expected);
          });
        }
      }
    }
  });
}
