import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../random.ts";
import { denseMatrix, type Matrix, toDense } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { findNeighbours, findNeighboursInParallel, nearestNeighbours } from "./nearest-neighbours.ts";
import type { NearestNeighboursModel } from "./neighbours-model.ts";

/** Rows around the corners of a cube; the label is the corner's number. */
function cornerRows(count: number, columns: number, seed: number): Table & { readonly labels: Float32Array } {
  const random = createRandom(seed);
  const labels = Float32Array.from({ length: count }, () => random.below(8));
  const rows = Array.from(labels, (label) =>
    Array.from({ length: columns }, (_, column) => 4 * ((label >> (column % 3)) & 1) + random.normal()),
  );
  return { features: denseMatrix(rows), labels };
}

const context = { seed: 1, threads: 2 };
const inputs = cornerRows(40, 6, 2);

for (const parameters of [
  { k: 5 },
  { k: 5, index: "ivf-flat", metric: "cosine", reduction: "fjlt", reducedColumns: 5 },
  { k: 5, index: "ivf-pq", quantizers: 3, reduction: "sign", reducedColumns: 3, sampleSize: 900, probes: 30 },
] as const) {
  testTableAlgorithm({
    algorithm: nearestNeighbours,
    parameters,
    data: () => ({ train: cornerRows(1000, 6, 1) }),
    inputs: inputs.features,
    check: ({ values }) => {
      const correct = values.filter((value, row) => value === inputs.labels[row]).length;
      assert.ok(correct >= ("reduction" in parameters ? 15 : 38), `${correct} of 40`);
    },
    oneRow: () => ({ train: { features: denseMatrix([[1, 2, 3, 4, 5, 6]]), labels: Float32Array.of(1) } }),
    missingValues: () => ({
      train: { features: denseMatrix([[1, 2, 3, Number.NaN, 5, 6]]), labels: Float32Array.of(1) },
    }),
    missing: "refused",
    endless: {
      parameters: { ...parameters, index: "ivf-flat", lists: 1500 },
      data: () => ({ train: cornerRows(20_000, 6, 3) }),
    },
  });
}

/** All distances in float64. */
function bruteForce(
  features: Matrix,
  row: number,
  train: Matrix,
): { readonly reference: number; readonly distance: number }[] {
  const [asked, known] = [toDense(features), toDense(train)];
  const { columns } = known;
  return Array.from({ length: known.rows }, (_, reference) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += (asked.values[row * columns + column] - known.values[reference * columns + column]) ** 2;
    }
    return { reference, distance: Math.sqrt(sum) };
  }).sort((left, right) => left.distance - right.distance);
}

/** Of the true nearest neighbours, the share that was found. */
function recall(model: NearestNeighboursModel, features: Matrix, train: Matrix): number {
  const { k, references } = findNeighbours(model, features);
  let found = 0;
  for (let row = 0; row < features.rows; row++) {
    const own = new Set(references.subarray(row * k, (row + 1) * k));
    found += bruteForce(features, row, train).filter(({ reference }, place) => place < k && own.has(reference)).length;
  }
  return found / k / features.rows;
}

describe("nearest neighbours", () => {
  const train = cornerRows(5000, 12, 4);
  const asked = cornerRows(50, 12, 5);

  test("flat: exactly the nearest, with their distances and labels, on any number of threads", async () => {
    const model = await nearestNeighbours.fit({ k: 7 }, { train }, context);
    const { distances, labels, references } = findNeighbours(model, asked.features);
    for (let row = 0; row < 50; row++) {
      const expected = bruteForce(asked.features, row, train.features);
      for (let place = 0; place < 7; place++) {
        assert.equal(references[row * 7 + place], expected[place].reference);
        assert.ok(Math.abs(distances[row * 7 + place] - expected[place].distance) < 1e-4);
        assert.equal(labels[row * 7 + place], train.labels[expected[place].reference]);
      }
    }
    for (const threads of [1, 3]) {
      const parallel = await findNeighboursInParallel(model, asked.features, threads);
      assert.deepEqual(parallel, { k: 7, distances, labels, references });
    }
  });

  for (const [index, probes, least] of [
    ["ivf-flat", 0, 0.7],
    ["ivf-flat", 71, 1],
    ["ivf-pq", 71, 0.5],
  ] as const) {
    test(`${index} with ${probes || "automatic"} probes finds at least ${least} of them, threads find the same`, async () => {
      const parameters = { k: 10, index, probes, quantizers: 6 };
      const model = await nearestNeighbours.fit(parameters, { train }, context);
      const share = recall(model, asked.features, train.features);
      assert.ok(share >= least, `${share}`);
      const parallel = await findNeighboursInParallel(model, asked.features, 3);
      assert.deepEqual(parallel, findNeighbours(model, asked.features));
    });
  }

  test("metrics: inner products and cosines", async () => {
    const few = {
      features: denseMatrix([
        [1, 0],
        [10, 10],
        [0, 3],
      ]),
      labels: Float32Array.of(0, 1, 2),
    };
    const nearest = async (metric: "l2" | "inner-product" | "cosine") => {
      const model = await nearestNeighbours.fit({ k: 1, metric }, { train: few }, context);
      const { distances, labels } = findNeighbours(model, denseMatrix([[0.5, 1.5]]));
      return [labels[0], Math.round(distances[0] * 1000) / 1000];
    };
    assert.deepEqual(await nearest("l2"), [0, 1.581]);
    assert.deepEqual(await nearest("inner-product"), [1, -20]);
    assert.deepEqual(await nearest("cosine"), [2, 0.051]);
  });

  test("regressor: the mean of the neighbours; classifier: of equally frequent labels the nearest's", async () => {
    const few = { features: denseMatrix([[0], [1], [2], [9]]), labels: Float32Array.of(4, 8, 8, 1) };
    const predict = async (k: number, predictor: "classifier" | "regressor") => {
      const model = await nearestNeighbours.fit({ k, predictor }, { train: few }, context);
      return nearestNeighbours.predict(model, denseMatrix([[0.1]])).values[0];
    };
    assert.equal(await predict(2, "regressor"), 6);
    assert.equal(await predict(2, "classifier"), 4);
    assert.equal(await predict(3, "classifier"), 8);
    assert.equal(await predict(9, "regressor"), 5.25);
  });

  test("a lookup into fewer rows than neighbours leaves the rest empty", async () => {
    const parameters = { k: 40, index: "ivf-flat", lists: 100, probes: 1 } as const;
    const model = await nearestNeighbours.fit(parameters, { train }, context);
    const { references, distances, labels } = findNeighbours(model, asked.features);
    const empty = references.indexOf(-1);
    assert.ok(empty > 0);
    assert.equal(distances[empty], Number.POSITIVE_INFINITY);
    assert.ok(Number.isNaN(labels[empty]));
    assert.ok(nearestNeighbours.predict(model, asked.features).values.every(Number.isFinite));
  });

  test("a sample is kept, of the size wanted", async () => {
    const model = await nearestNeighbours.fit({ sampleSize: 100 }, { train }, context);
    assert.equal(model.labels.length, 100);
  });

  test("what does not fit together is refused", async () => {
    const refused = (parameters: Parameters<typeof nearestNeighbours.fit>[0], parameter: string) =>
      assert.rejects(nearestNeighbours.fit(parameters, { train }, context), { name: "ParameterError", parameter });
    await refused({ index: "ivf-pq", quantizers: 5 }, "quantizers");
    await refused({ index: "ivf-pq", quantizers: 6, metric: "cosine" }, "metric");
    await refused({ reduction: "sign" }, "reducedColumns");
    await refused({ reduction: "fjlt", reducedColumns: 12 }, "reducedColumns");
    const { features } = train;
    await assert.rejects(nearestNeighbours.fit({}, { train: { features } }, context), {
      name: "DataError",
      message: /labels/,
    });
  });
});
