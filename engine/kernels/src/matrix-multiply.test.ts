import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DenseRows,
  multiplyColumns,
  multiplyTransposed,
  PANEL,
  packRows,
  panelsOf,
  sumColumns,
} from "./matrix-multiply.ts";
import { createMemoryLayout } from "./memory-layout.ts";
import { startKernelThreads } from "./threads/kernel-threads.ts";

function randomRows(rows: number, columns: number, seed: number): DenseRows {
  let state = seed;
  const values = Float32Array.from({ length: rows * columns }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return { rows, columns, values };
}

const sizes = [
  [1, 1, 1],
  [3, 5, 7],
  [37, 300, 9],
  [70, 16, 24],
] as const;

for (const [rows, inner, others] of sizes) {
  for (const threads of [1, 3]) {
    test(`A · Bᵀ of ${rows} × ${inner} and ${others} × ${inner} on ${threads} threads = the reference`, async () => {
      const [a, b] = [randomRows(rows, inner, 1), randomRows(others, inner, 2)];
      const panels = panelsOf(others);
      const layout = createMemoryLayout();
      const [left, right, packed] = [
        layout.take(a.values.byteLength),
        layout.take(b.values.byteLength),
        layout.take(panels * PANEL * inner * 4),
      ];
      const result = layout.take(rows * panels * PANEL * 4);
      const memory = layout.allocate();
      new Float32Array(memory.buffer, left).set(a.values);
      new Float32Array(memory.buffer, right).set(b.values);
      using kernel = startKernelThreads({ kernel: "matrix-multiply", memory, threads });
      kernel.own.call("packRows", [right, others, inner, packed, 0, panels]);
      assert.deepEqual(new Float32Array(memory.buffer, packed, panels * PANEL * inner), packRows(b));
      const share = (thread: number): number => Math.floor((rows * thread) / threads);
      await kernel.call("multiplyTransposed", (thread) => [
        left,
        packed,
        result,
        inner,
        panels,
        share(thread),
        share(thread + 1),
      ]);
      const expected = multiplyTransposed(a, b);
      for (let row = 0; row < rows; row++) {
        const actual = new Float32Array(memory.buffer, result + row * panels * PANEL * 4, others);
        assert.deepEqual(actual, expected.subarray(row * others, (row + 1) * others));
      }
    });

    test(`Aᵀ · B of ${inner} × ${rows} and ${inner} × ${others} on ${threads} threads = the reference`, async () => {
      const [a, b] = [randomRows(inner, rows, 3), randomRows(inner, others, 4)];
      const shift = Float32Array.from({ length: Math.max(rows, others) }, (_, index) => index / 7);
      const [aPanels, bPanels] = [panelsOf(rows), panelsOf(others)];
      const layout = createMemoryLayout();
      const [left, right, less] = [a.values, b.values, shift].map((values) => layout.take(values.byteLength));
      const [aPacked, bPacked] = [aPanels, bPanels].map((panels) => layout.take(panels * PANEL * inner * 4));
      const result = layout.take(aPanels * bPanels * PANEL * PANEL * 8);
      const memory = layout.allocate();
      new Float32Array(memory.buffer, left).set(a.values);
      new Float32Array(memory.buffer, right).set(b.values);
      new Float32Array(memory.buffer, less).set(shift);
      using kernel = startKernelThreads({ kernel: "matrix-multiply", memory, threads });
      kernel.own.call("packColumns", [left, inner, rows, less, aPacked, 0, aPanels]);
      kernel.own.call("packColumns", [right, inner, others, less, bPacked, 0, bPanels]);
      await kernel.call("accumulateProduct", (thread) => [
        aPacked,
        bPacked,
        result,
        inner,
        aPanels,
        bPanels,
        0,
        thread,
        threads,
      ]);
      const expected = multiplyColumns(a, b, shift);
      for (let row = 0; row < rows; row++) {
        const actual = new Float64Array(memory.buffer, result + row * bPanels * PANEL * 8, others);
        assert.deepEqual(actual, expected.subarray(row * others, (row + 1) * others));
      }
    });
  }
}

test("Aᵀ · A: only the upper panels, the same numbers; the sums of the columns", async () => {
  const a = randomRows(600, 19, 5);
  const panels = panelsOf(19);
  const layout = createMemoryLayout();
  const source = layout.take(a.values.byteLength);
  const packed = layout.take(panels * PANEL * 600 * 4);
  const result = layout.take((panels * PANEL) ** 2 * 8);
  const sums = layout.take(panels * PANEL * 8);
  const memory = layout.allocate();
  new Float32Array(memory.buffer, source).set(a.values);
  using kernel = startKernelThreads({ kernel: "matrix-multiply", memory, threads: 2 });
  await kernel.call("packColumns", (thread) => [
    source,
    600,
    19,
    0,
    packed,
    thread * 2,
    Math.min(panels, thread * 2 + 2),
  ]);
  await kernel.call("accumulateProduct", (thread) => [packed, packed, result, 600, panels, panels, 1, thread, 2]);
  await kernel.call("sumPanels", (thread) => [packed, 600, sums, thread * 2, Math.min(panels, thread * 2 + 2)]);
  assert.deepEqual(new Float64Array(memory.buffer, sums, 19), sumColumns(a));
  const expected = multiplyColumns(a, a);
  const actual = new Float64Array(memory.buffer, result, (panels * PANEL) ** 2);
  for (let row = 0; row < 19; row++) {
    for (let column = row; column < 19; column++) {
      assert.equal(actual[row * panels * PANEL + column], expected[row * 19 + column]);
    }
  }
});
