import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../random.ts";
import { denseMatrix, type Matrix, sharedFloats, sliceRows, toDense } from "../table/matrix.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { type PrincipalComponentsModel, principalComponents } from "./principal-components.ts";

const axes = [
  [0.6, 0.8, 0, 0],
  [0.8, -0.6, 0, 0],
];
const center = [100, -3, 0.5, 7];

/** Rows along two known axes with deviations 5 and 2, and a little noise. */
function rowsAlongAxes(count: number, seed: number): Matrix {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, () => {
    const along = [5 * random.normal(), 2 * random.normal()];
    return center.map(
      (value, column) => value + along[0] * axes[0][column] + along[1] * axes[1][column] + 0.01 * random.normal(),
    );
  });
  return denseMatrix(rows);
}

/** Empty rows without end, which cost as much as full ones. */
function emptyRows(rows: number, columns: number): Matrix {
  const [columnIndexes, values] = [new Uint32Array(0), sharedFloats(0)];
  return {
    kind: "sparse",
    rows,
    columns,
    rowStarts: new Float64Array(rows + 1),
    columnIndexes,
    values,
    absent: "zero",
  };
}

const inputs = rowsAlongAxes(6, 2);

for (const mode of ["regular", "randomized"] as const) {
  testTableAlgorithm({
    algorithm: principalComponents,
    parameters: { components: 2, mode },
    data: () => ({ train: { features: rowsAlongAxes(3000, 1) } }),
    inputs,
    check: ({ values, width }) => {
      assert.equal(width, 2);
      const { values: given } = toDense(inputs);
      for (let row = 0; row < 6; row++) {
        for (const [component, axis] of axes.entries()) {
          const expected = axis.reduce(
            (sum, side, column) => sum + side * (given[row * 4 + column] - center[column]),
            0,
          );
          assert.ok(Math.abs(values[row * 2 + component] - expected) < 0.3);
        }
      }
    },
    oneRow: () => ({ train: { features: denseMatrix([[1, 2, 3, 4]]) } }),
    missingValues: () => ({ train: { features: denseMatrix([[1, 2, 3, Number.NaN]]) } }),
    missing: "refused",
    endless: {
      parameters: { components: 2, mode },
      data: () => ({ train: { features: emptyRows(4_000_000, 4) } }),
    },
  });
}

const context = { seed: 1, threads: 2 };

/** Of many columns, with variances that fall slowly. */
function fallingVariances(count: number, columns: number): Matrix {
  const random = createRandom(9);
  const mixing = Array.from({ length: columns }, () => Array.from({ length: columns }, random.normal));
  return denseMatrix(
    Array.from({ length: count }, () => {
      const sources = Array.from({ length: columns }, (_, index) => random.normal() / (1 + index / 3));
      return mixing.map((weights) => weights.reduce((sum, weight, index) => sum + weight * sources[index], 10));
    }),
  );
}

describe("principal components", () => {
  test("the variances are those along the components, the total that of the columns", async () => {
    const features = fallingVariances(500, 37);
    const { values } = toDense(features);
    const model = await principalComponents.fit({ components: 37 }, { train: { features } }, context);
    const projected = principalComponents.predict(model, features);
    const varianceOf = (numbers: (row: number) => number): number => {
      const list = Array.from({ length: 500 }, (_, row) => numbers(row));
      const mean = list.reduce((sum, value) => sum + value, 0) / 500;
      return list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 499;
    };
    for (let component = 0; component < 37; component++) {
      const expected = varianceOf((row) => projected.values[row * 37 + component]);
      assert.ok(Math.abs(model.variances[component] - expected) < 1e-4 * expected + 1e-8 * model.totalVariance);
    }
    const columns = Array.from({ length: 37 }, (_, column) => varianceOf((row) => values[row * 37 + column]));
    const total = columns.reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(model.totalVariance / total - 1) < 1e-5);
    const explained = model.variances.reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(explained / total - 1) < 1e-5);
  });

  test("randomized: variances within 1e-4 of the exact ones", async () => {
    const train = { features: fallingVariances(800, 60) };
    const [exact, followed] = await Promise.all(
      (["regular", "randomized"] as const).map((mode) =>
        principalComponents.fit({ components: 5, mode }, { train }, context),
      ),
    );
    for (let component = 0; component < 5; component++) {
      assert.ok(Math.abs(followed.variances[component] / exact.variances[component] - 1) < 1e-4);
    }
    assert.ok(Math.abs(followed.totalVariance / exact.totalVariance - 1) < 1e-5);
  });

  test("without subtracting the mean the first component points to it", async () => {
    const train = { features: rowsAlongAxes(200, 4) };
    const { components, mean } = await principalComponents.fit(
      { components: 1, subtractMean: false },
      { train },
      context,
    );
    assert.deepEqual([...mean], [0, 0, 0, 0]);
    assert.ok(components.values[0] > 0.99);
  });

  for (const mode of ["regular", "randomized"] as const) {
    test(`${mode}: a row of weight 2 is two rows`, async () => {
      const features = toDense(rowsAlongAxes(30, 5));
      const weights = Float32Array.from({ length: 30 }, (_, row) => (row < 10 ? 2 : 1));
      const rows = Array.from({ length: 40 }, (_, row) => [...sliceRows(features, row % 30, (row % 30) + 1).values]);
      const fit = (train: { features: Matrix; weights?: Float32Array }): Promise<PrincipalComponentsModel> =>
        principalComponents.fit({ components: 2, mode }, { train }, context);
      const [weighted, repeated] = [await fit({ features, weights }), await fit({ features: denseMatrix(rows) })];
      for (const component of [0, 1]) {
        assert.ok(Math.abs(weighted.variances[component] / repeated.variances[component] - 1) < 1e-4);
      }
      for (const [place, value] of weighted.components.values.entries()) {
        assert.ok(Math.abs(value - repeated.components.values[place]) < 1e-3);
      }
    });
  }

  test("many predictions by the kernel = few by the reference", async () => {
    const features = fallingVariances(3000, 37);
    const model = await principalComponents.fit({ components: 9 }, { train: { features } }, context);
    const all = principalComponents.predict(model, features);
    for (const row of [0, 1777, 2999]) {
      const { values } = principalComponents.predict(model, sliceRows(features, row, row + 1));
      assert.deepEqual([...all.values.subarray(row * 9, row * 9 + 9)], [...values]);
    }
  });

  test("more components than columns are refused", async () => {
    const fitting = principalComponents.fit({ components: 5 }, { train: { features: inputs } }, context);
    await assert.rejects(fitting, { name: "ParameterError", parameter: "components" });
  });
});

for (const mode of ["regular", "randomized"] as const) {
  test(`the whole variance is exact where means are large (${mode})`, async () => {
    const random = createRandom(4);
    const rows = Array.from({ length: 500 }, () => [
      2000 + random.normal(),
      40_001.3 + random.normal(),
      random.normal(),
    ]);
    const features = denseMatrix(rows);
    const { values } = toDense(features);
    const expected = [0, 1, 2].reduce((sum, column) => {
      const own = Array.from({ length: 500 }, (_, row) => values[row * 3 + column]);
      const mean = own.reduce((total, value) => total + value, 0) / 500;
      return sum + own.reduce((total, value) => total + (value - mean) ** 2, 0) / 499;
    }, 0);
    const { totalVariance } = await principalComponents.fit({ components: 2, mode }, { train: { features } }, context);
    assert.ok(Math.abs(totalVariance / expected - 1) < 1e-4, `${totalVariance}, not ${expected}`);
  });
}
