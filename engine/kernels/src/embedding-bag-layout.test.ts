import assert from "node:assert/strict";
import { test } from "node:test";
import { allocateEmbeddingBag, layoutEmbeddingBag } from "./embedding-bag-layout.ts";

const shape = { dim: 17, words: 5, buckets: 3, labels: 2, wordNgrams: 2, loss: "softmax" } as const;

test("nothing overlaps, everything starts a cache line of its own", () => {
  const layout = layoutEmbeddingBag(shape, [
    { windowBytes: 100, features: 7 },
    { windowBytes: 20, features: 1 },
  ]);
  assert.equal(layout.stride, 32);
  const [first, second] = layout.threads;
  const areas: (readonly [number, number])[] = [
    [layout.control, 16],
    [layout.sigmoidTable, 513 * 4],
    [first.window, 100],
    [first.features, 28],
    [first.hidden, 128],
    [first.gradient, 128],
    [first.scores, 8],
    [second.window, 20],
    [second.features, 4],
    [second.hidden, 128],
    [second.gradient, 128],
    [second.scores, 8],
    [layout.output, 2 * 128],
    [layout.input, 8 * 128],
    [layout.byteLength, 0],
  ];
  for (const [index, [start, bytes]] of areas.slice(0, -1).entries()) {
    assert.equal(start % 64, 0);
    assert.ok(start + bytes <= areas[index + 1][0], `area ${index}`);
  }
  assert.ok(layout.control >= 65_536, "compiled kernels keep constants below");
});

test("the memory is shared, as long as laid out, and zero but for the sigmoid table", () => {
  const { memory, layout } = allocateEmbeddingBag(shape, [{ windowBytes: 100, features: 7 }]);
  assert.ok(memory.buffer instanceof SharedArrayBuffer);
  assert.equal(memory.buffer.byteLength, layout.byteLength);
  const table = new Float32Array(memory.buffer, layout.sigmoidTable, 513);
  assert.equal(table[256], 0.5);
  assert.ok(Math.abs(table[512] - 1 / (1 + Math.exp(-8))) < 1e-7);
  assert.ok(table.every((value, index) => index === 0 || value > table[index - 1]));
  assert.ok(new Uint8Array(memory.buffer, layout.output).every((byte) => byte === 0));
});
