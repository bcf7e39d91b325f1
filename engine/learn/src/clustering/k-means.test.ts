import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../random.ts";
import { denseMatrix, type Matrix, sliceRows } from "../table/matrix.ts";
import type { TableData } from "../table/table.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { kMeans } from "./k-means.ts";

const places = [
  [0, 0, 0],
  [10, 0, 5],
  [0, 10, -5],
  [10, 10, 0],
];

/** Rows around known places, in random order of places. */
function rowsAround(count: number, spread: number, seed: number): Matrix {
  const random = createRandom(seed);
  return denseMatrix(
    Array.from({ length: count }, (_, row) => places[row % 4].map((place) => place + spread * random.normal())),
  );
}

const context = { seed: 1, threads: 2 };

/** The distance of each place to the nearest center. */
function missed(centers: readonly (readonly number[])[]): number[] {
  return places.map((place) =>
    Math.min(...centers.map((center) => Math.hypot(...center.map((value, column) => value - place[column])))),
  );
}

async function centersOf(parameters: Parameters<typeof kMeans.fit>[0], data: TableData): Promise<number[][]> {
  const { centers } = await kMeans.fit(parameters, data, context);
  const { rows, columns, values } = centers;
  return Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
}

testTableAlgorithm({
  algorithm: kMeans,
  parameters: { k: 4, restarts: 3 },
  data: () => ({ train: { features: rowsAround(1000, 0.5, 1) } }),
  inputs: rowsAround(8, 0.5, 2),
  check: ({ values, width }) => {
    assert.equal(width, 2);
    const labels = Array.from({ length: 8 }, (_, row) => values[row * 2]);
    assert.deepEqual(labels.slice(4), labels.slice(0, 4));
    assert.equal(new Set(labels).size, 4);
    for (let row = 0; row < 8; row++) assert.ok(values[row * 2 + 1] < 2.5);
  },
  oneRow: () => ({ train: { features: denseMatrix([[1, 2, 3]]) } }),
  missingValues: () => ({ train: { features: denseMatrix([[1, 2, Number.NaN]]) } }),
  missing: "refused",
  endless: {
    parameters: { k: 200, restarts: 10_000, initialization: "random", tolerance: 0 },
    data: () => ({ train: { features: rowsAround(20_000, 5, 3) } }),
  },
});

describe("K-Means", () => {
  const data = { train: { features: rowsAround(3000, 0.5, 4) } };
  for (const initialization of ["random", "k-means++", "k-means||"] as const) {
    test(`${initialization} finds the known places`, async () => {
      const found = await centersOf({ k: 4, initialization, restarts: 5 }, data);
      for (const distance of missed(found)) assert.ok(distance < 0.1, `${distance}`);
    });
  }

  for (const halfLife of [0, 1000]) {
    test(`web-scale with extra centers and half-life ${halfLife} finds them without Lloyd's iteration`, async () => {
      const parameters = {
        k: 4,
        method: "web-scale",
        miniBatchSize: 100,
        epochs: 2,
        maximumIterations: 0,
        halfLife,
      } as const;
      for (const distance of missed(await centersOf(parameters, data))) assert.ok(distance < 0.3, `${distance}`);
    });
  }

  test("web-scale: the same bytes on any number of threads, aborted within its passes", async () => {
    const parameters = { k: 3, method: "web-scale", miniBatchSize: 700, initialization: "k-means||" } as const;
    const [one, three] = await Promise.all([1, 3].map((threads) => kMeans.fit(parameters, data, { seed: 5, threads })));
    assert.deepEqual(one, three);
    const controller = new AbortController();
    const fitting = kMeans.fit({ ...parameters, epochs: 1_000_000 }, data, {
      ...context,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(fitting, { name: "AbortError" });
  });

  test("a row of weight 3 is three rows", async () => {
    const [single, double] = [denseMatrix([[0], [1], [9]]), denseMatrix([[0], [1], [1], [1], [9]])];
    const weights = Float32Array.of(1, 3, 1);
    const parameters = { k: 2, restarts: 5 };
    const weighted = await centersOf(parameters, { train: { features: single, weights } });
    const repeated = await centersOf(parameters, { train: { features: double } });
    assert.deepEqual(weighted.flat().sort(), repeated.flat().sort());
    assert.deepEqual(weighted.flat().sort(), [0.75, 9]);
  });

  test("rows of weight 0 are no centers, however many there are", async () => {
    const far = Array.from({ length: 40 }, (_, row) => [100 + row, 100]);
    const features = denseMatrix([...far, [0, 0], [0, 1]]);
    const weights = Float32Array.from({ length: 42 }, (_, row) => (row < 40 ? 0 : 1));
    for (const initialization of ["k-means++", "k-means||"] as const) {
      for (let seed = 0; seed < 5; seed++) {
        const { centers } = await kMeans.fit(
          { k: 2, initialization },
          { train: { features, weights } },
          { seed, threads: 1 },
        );
        assert.ok(Math.max(...centers.values) <= 1, String(centers.values));
      }
    }
  });

  test("numbers whose squares are too large are refused with their place; more centers than rows take no memory", async () => {
    const huge = denseMatrix([
      [1, 2],
      [3, 1e18],
    ]);
    await assert.rejects(kMeans.fit({ k: 1 }, { train: { features: huge } }, context), {
      name: "DataError",
      message: /Row 2, column 2 is 9+\d+; K-Means takes numbers up to 10+\. Scale the column/,
    });
    const few = denseMatrix([[1], [2], [3]]);
    for (const method of ["lloyd", "web-scale"] as const) {
      const { centers } = await kMeans.fit({ k: 1_000_000, method }, { train: { features: few } }, context);
      assert.deepEqual([...centers.values].sort(), [1, 2, 3]);
    }
  });

  test("thousands of centers without rows find theirs at once", async () => {
    const random = createRandom(8);
    const features = denseMatrix([
      ...Array.from({ length: 6000 }, () => [0, 0]),
      ...Array.from({ length: 6000 }, () => [random.normal(), random.normal()]),
    ]);
    const { centers } = await kMeans.fit(
      { k: 6000, initialization: "random", maximumIterations: 3 },
      { train: { features } },
      context,
    );
    const distinct = new Set(
      Array.from({ length: centers.rows }, (_, row) => centers.values.subarray(row * 2, row * 2 + 2).join()),
    );
    assert.ok(distinct.size > 5900, String(distinct.size));
  });

  test("the progress of mini-batches and of the iterations after them is one", async () => {
    const fractions: number[] = [];
    const onProgress = ({ fraction }: { readonly fraction: number }): void => void fractions.push(fraction);
    const parameters = { k: 4, method: "web-scale", miniBatchSize: 500, epochs: 3, maximumIterations: 10 } as const;
    await kMeans.fit(parameters, data, { ...context, onProgress });
    assert.deepEqual(
      fractions,
      fractions.toSorted((one, other) => one - other),
    );
    assert.ok(fractions.includes(3 / 13), String(fractions));
  });

  test("no center stays without rows while there are rows elsewhere", async () => {
    const features = denseMatrix([...Array.from({ length: 50 }, () => [0, 0]), [1, 1], [5, 5], [9, 0]]);
    const model = await kMeans.fit({ k: 4, initialization: "random" }, { train: { features } }, context);
    const { values } = kMeans.predict(model, features);
    assert.equal(new Set(Array.from({ length: 53 }, (_, row) => values[row * 2])).size, 4);
  });

  test("many predictions by the kernel = few by the reference", async () => {
    const model = await kMeans.fit({ k: 30 }, data, context);
    const many = rowsAround(3000, 3, 6);
    const all = kMeans.predict(model, many);
    for (const row of [0, 1234, 2999]) {
      const [label, distance] = kMeans.predict(model, sliceRows(many, row, row + 1)).values;
      assert.deepEqual([all.values[row * 2], all.values[row * 2 + 1]], [label, distance]);
    }
  });
});
