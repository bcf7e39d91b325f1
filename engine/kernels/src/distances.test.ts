import assert from "node:assert/strict";
import { test } from "node:test";
import { distance } from "./distances.ts";
import { type DenseRows, PANEL, packRows, panelsOf } from "./matrix-multiply.ts";
import { createMemoryLayout } from "./memory-layout.ts";
import { startKernelThreads } from "./threads/kernel-threads.ts";

/** Numbers of a small range, so that there are equal distances. */
function randomRows(rows: number, columns: number, seed: number): DenseRows {
  let state = seed;
  const values = Float32Array.from({ length: rows * columns }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 29) / 3;
  });
  return { rows, columns, values };
}

const allDistances = (measure: "squared-euclidean" | "negative-product", a: DenseRows, row: number, b: DenseRows) =>
  Array.from({ length: b.rows }, (_, other) => distance(measure, a, row, [b, other]));

for (const [rows, columns, centers] of [
  [1, 1, 1],
  [37, 3, 9],
  [50, 16, 26],
] as const) {
  for (const threads of [1, 2]) {
    test(`K-Means, ${rows} × ${columns}, ${centers} centers, ${threads} threads: labels, distances and sums = the reference`, async () => {
      const [data, means] = [randomRows(rows, columns, 1), randomRows(centers, columns, 2)];
      const weights = Float32Array.from({ length: rows }, (_, row) => (row % 3) / 2);
      const [parts, partRows] = [4, Math.ceil(rows / 4)];
      const partLength = centers * (columns + 1) + 1;
      const layout = createMemoryLayout();
      const addresses = {
        rows: layout.take(data.values.byteLength),
        weights: layout.take(rows * 4),
        centers: layout.take(panelsOf(centers) * PANEL * columns * 4),
        labels: layout.take(rows * 4),
        distances: layout.take(rows * 4),
        sums: layout.take(parts * partLength * 8),
        candidates: layout.take(rows * PANEL * 4),
        potentials: layout.take(parts * PANEL * 8),
        scratch: layout.take(128 * (panelsOf(centers) + 1) * threads),
      };
      const memory = layout.allocate();
      new Float32Array(memory.buffer, addresses.rows).set(data.values);
      new Float32Array(memory.buffer, addresses.weights).set(weights);
      new Float32Array(memory.buffer, addresses.centers).set(packRows(means, Number.POSITIVE_INFINITY));
      using kernel = startKernelThreads({ kernel: "k-means", memory, threads });
      kernel.setGlobals({ ...addresses, columns, count: centers, scratchBytes: 128 * (panelsOf(centers) + 1) });
      await kernel.call("assign", (thread) => [0, rows, partRows, parts, thread, threads]);
      const labels = new Int32Array(memory.buffer, addresses.labels, rows);
      const nearest = new Float32Array(memory.buffer, addresses.distances, rows);
      const sums = new Float64Array(parts * partLength);
      for (let row = 0; row < rows; row++) {
        const expected = allDistances("squared-euclidean", data, row, means);
        assert.equal(nearest[row], Math.min(...expected));
        assert.equal(labels[row], expected.indexOf(nearest[row]), "the first of equally near ones");
        const part = Math.floor(row / partRows) * partLength;
        for (let column = 0; column < columns; column++) {
          sums[part + labels[row] * columns + column] += data.values[row * columns + column] * weights[row];
        }
        sums[part + centers * columns + labels[row]] += weights[row];
        sums[part + partLength - 1] += nearest[row] * weights[row];
      }
      assert.deepEqual(new Float64Array(memory.buffer, addresses.sums, sums.length), sums);
    });

    test(`K-Means, ${rows} × ${columns}, ${threads} threads: what candidates would leave = the reference`, async () => {
      const [data, means] = [randomRows(rows, columns, 3), randomRows(Math.min(5, centers), columns, 4)];
      const partRows = Math.ceil(rows / 4);
      const layout = createMemoryLayout();
      const addresses = {
        rows: layout.take(data.values.byteLength),
        centers: layout.take(PANEL * columns * 4),
        distances: layout.take(rows * 4),
        candidates: layout.take(rows * PANEL * 4),
        potentials: layout.take(4 * PANEL * 8),
        scratch: layout.take(256 * threads),
      };
      const memory = layout.allocate();
      new Float32Array(memory.buffer, addresses.rows).set(data.values);
      new Float32Array(memory.buffer, addresses.centers).set(packRows(means, Number.POSITIVE_INFINITY));
      const known = new Float32Array(memory.buffer, addresses.distances, rows).fill(0.5);
      using kernel = startKernelThreads({ kernel: "k-means", memory, threads });
      kernel.setGlobals({ ...addresses, columns });
      await kernel.call("measureCandidates", (thread) => [0, rows, partRows, 4, thread, threads]);
      const potentials = new Float64Array(4 * PANEL);
      for (let row = 0; row < rows; row++) {
        const expected = allDistances("squared-euclidean", data, row, means);
        for (let lane = 0; lane < PANEL; lane++) {
          potentials[Math.floor(row / partRows) * PANEL + lane] += Math.min(0.5, expected[lane] ?? 0.5);
        }
      }
      assert.deepEqual(new Float64Array(memory.buffer, addresses.potentials, 4 * PANEL), potentials);
      kernel.own.call("keepCandidate", [0, rows, 0]);
      for (let row = 0; row < rows; row++) {
        assert.equal(known[row], Math.min(0.5, allDistances("squared-euclidean", data, row, means)[0]));
      }
    });
  }
}

for (const measure of ["squared-euclidean", "negative-product"] as const) {
  for (const [queries, columns, references, neighbours] of [
    [1, 1, 1, 1],
    [6, 3, 50, 5],
    [9, 16, 4099, 30],
    [5, 2, 3, 4],
  ] as const) {
    test(`${neighbours} nearest of ${references} × ${columns} by ${measure} for ${queries} queries = the reference`, async () => {
      const [asked, known] = [randomRows(queries, columns, 5), randomRows(references, columns, 6)];
      const layout = createMemoryLayout();
      const [query, packed] = [
        layout.take(asked.values.byteLength),
        layout.take(panelsOf(references) * PANEL * columns * 4),
      ];
      const addresses = {
        distances: layout.take(queries * neighbours * 4),
        references: layout.take(queries * neighbours * 4),
        scratch: layout.take(256),
      };
      const memory = layout.allocate();
      new Float32Array(memory.buffer, query).set(asked.values);
      new Float32Array(memory.buffer, packed).set(
        packRows(known, measure === "negative-product" ? 0 : Number.POSITIVE_INFINITY),
      );
      using kernel = startKernelThreads({ kernel: "nearest-neighbours", memory, threads: 2 });
      kernel.setGlobals({ ...addresses, columns, neighbours, products: measure === "negative-product" ? 1 : 0 });
      const middle = queries >> 1;
      const share = (thread: number): number[] => (thread === 0 ? [0, middle] : [middle, queries]);
      await kernel.call("clear", share);
      await kernel.call("scan", (thread) => [query, ...share(thread), packed, references, 0, thread]);
      await kernel.call("sort", share);
      for (let row = 0; row < queries; row++) {
        const expected = allDistances(measure, asked, row, known)
          .map((found, reference) => ({ found, reference }))
          .sort((left, right) => left.found - right.found || left.reference - right.reference)
          .slice(0, neighbours);
        const found = new Float32Array(memory.buffer, addresses.distances + row * neighbours * 4, expected.length);
        const numbers = new Int32Array(memory.buffer, addresses.references + row * neighbours * 4, expected.length);
        assert.deepEqual(
          [...numbers],
          expected.map(({ reference }) => reference),
        );
        assert.deepEqual(
          [...found],
          expected.map(({ found: value }) => value),
        );
      }
    });
  }
}
