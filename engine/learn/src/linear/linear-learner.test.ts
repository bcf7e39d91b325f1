import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { DataError } from "../algorithm.ts";
import { ParameterError } from "../parameters.ts";
import { denseMatrix } from "../table/matrix.ts";
import type { Table, TableData } from "../table/table.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { linearLearner } from "./linear-learner.ts";
import type { LinearParameters } from "./linear-parameters.ts";

/** Rows whose columns differ in scale, and what `target` makes of them; a little noise decides close cases. */
function table(rows: number, seed: number, target: (inputs: readonly number[], noise: number) => number): Table {
  const random = createRandom(seed);
  const inputs = Array.from({ length: rows }, () => [random() * 2 - 1, random() * 200 + 1000, random() < 0.3 ? 1 : 0]);
  return { features: denseMatrix(inputs), labels: Float32Array.from(inputs, (row) => target(row, random() - 0.5)) };
}

const line = ([a = 0, b = 0, c = 0]: readonly number[]): number => 3 * a + 0.02 * (b - 1100) - 2 * c;
const binary = (inputs: readonly number[], noise: number): number => Number(line(inputs) + noise > 0);
const context = { seed: 1, threads: 2 };
const inputs = denseMatrix([
  [0.9, 1180, 0],
  [-0.9, 1020, 1],
  [0.5, 1100, 0],
]);

testTableAlgorithm({
  algorithm: linearLearner,
  parameters: { epochs: 3, miniBatchSize: 50 },
  data: () => ({ train: table(600, 1, binary), evaluated: [{ name: "validation", table: table(200, 2, binary) }] }),
  inputs,
  check: ({ values }) => {
    assert.ok(values[0] > 0.99 && values[1] < 0.01 && values[2] > 0.9, values.join(" "));
  },
  oneRow: () => ({ train: table(1, 3, binary) }),
  missingValues: () => {
    const train = table(20, 4, binary);
    train.features.values[7] = Number.NaN;
    return { train };
  },
  missing: "refused",
  endless: {
    parameters: { epochs: 1_000_000, patience: 1_000_000 },
    data: () => ({ train: table(20_000, 5, binary) }),
  },
});

const fit = (parameters: Partial<LinearParameters>, data: TableData) => linearLearner.fit(parameters, data, context);

describe("linear learner: weights", () => {
  const exact = { train: table(500, 7, line) };

  test("a line is found in units of the features and the label", async () => {
    const { weights, biases } = await fit({ predictorType: "regressor" }, exact);
    for (const [index, expected] of [3, 0.02, -2].entries()) {
      assert.ok(Math.abs(weights[index] / expected - 1) < 0.02, `${weights[index]}, not ${expected}`);
    }
    assert.ok(Math.abs(biases[0] / -22 - 1) < 0.005, `${biases[0]}`);
  });

  for (const loss of [
    "huber",
    "eps-insensitive-squared",
    "absolute",
    "eps-insensitive-absolute",
    "quantile",
  ] as const) {
    test(`${loss}: the same line`, async () => {
      const parameters = { predictorType: "regressor", loss, epochs: 150, miniBatchSize: 50, patience: 150 } as const;
      const { values } = linearLearner.predict(await fit(parameters, exact), inputs);
      for (const [row, expected] of [4.3, -6.3, 1.5].entries()) {
        assert.ok(Math.abs(values[row] - expected) < 0.1, `${values[row]}, not ${expected}`);
      }
    });
  }

  test("a quantile leaves that part of the labels below", async () => {
    const train = table(2000, 8, (row, noise) => line(row) + 4 * noise);
    const parameters = {
      predictorType: "regressor",
      loss: "quantile",
      quantile: 0.9,
      epochs: 60,
      patience: 60,
    } as const;
    const { values } = linearLearner.predict(
      await fit({ ...parameters, miniBatchSize: 50, patience: 60 }, { train }),
      train.features,
    );
    const below = (train.labels ?? []).filter((label, row) => label <= values[row]).length / 2000;
    assert.ok(Math.abs(below - 0.9) < 0.02, `${below}`);
  });

  test("l1 makes weights of noise exactly 0", async () => {
    const train = table(2000, 9, ([a = 0], noise) => 3 * a + noise);
    const parameters = { predictorType: "regressor", l1: 0.05, epochs: 60, miniBatchSize: 100 } as const;
    const { weights } = await fit(parameters, { train });
    assert.ok(Math.abs(weights[0] - 3) < 0.3, `${weights[0]}`);
    assert.deepEqual([...weights.subarray(1)], [0, 0]);
  });

  test("without a bias the line goes through the origin", async () => {
    const { biases } = await fit({ predictorType: "regressor", useBias: false }, exact);
    assert.equal(biases[0], 0);
  });
});

describe("linear learner: classes", () => {
  const thirds = (row: readonly number[]): number => (line(row) < -1.5 ? 0 : line(row) < 1.5 ? 1 : 2);

  test("a multiclass_classifier gives each class its probability", async () => {
    const model = await fit({ predictorType: "multiclass_classifier", classes: 4 }, { train: table(900, 10, thirds) });
    const { width, values } = linearLearner.predict(model, inputs);
    assert.equal(width, 4);
    const first = values.subarray(0, 4);
    assert.ok(Math.abs(first.reduce((sum, value) => sum + value, 0) - 1) < 1e-6);
    assert.ok(first[2] > 0.9 && values[4] > 0.9, values.join(" "));
  });

  test("hinge: scores are distances, the threshold is near 0", async () => {
    const data = { train: table(600, 1, binary), evaluated: [{ name: "validation", table: table(300, 2, binary) }] };
    const model = await fit({ loss: "hinge", epochs: 30, miniBatchSize: 50 }, data);
    const { values } = linearLearner.predict(model, inputs);
    assert.ok(values[0] > 1 && values[1] < -1, values.join(" "));
    assert.ok(Math.abs(model.threshold) < 0.5, `${model.threshold}`);
  });

  test("balanced classes raise the probability of the rare one", async () => {
    const rare = (row: readonly number[], noise: number): number => Number(line(row) + 6 * noise > 4);
    const train = table(1500, 11, rare);
    const mean = async (parameters: Partial<LinearParameters>): Promise<number> => {
      const { values } = linearLearner.predict(await fit(parameters, { train }), train.features);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const plain = await mean({});
    const labels = train.labels ?? new Float32Array(0);
    const actual = labels.filter((label) => label === 1).length / 1500;
    assert.ok(Math.abs(plain - actual) < 0.01, `${plain}, not ${actual}`);
    const weighted = await mean({ positiveWeight: 3 });
    const balanced = await mean({ balanceClasses: true });
    assert.ok(weighted > 1.3 * plain && balanced > weighted, `${plain}, ${weighted}, ${balanced}`);
  });

  test("the criterion moves the threshold: precision at a recall of 0.95", async () => {
    const noisy = (row: readonly number[], noise: number): number => Number(line(row) + 8 * noise > 0);
    const data = { train: table(800, 12, noisy), evaluated: [{ name: "validation", table: table(800, 13, noisy) }] };
    const criterion = { selectionCriterion: "precision_at_target_recall", targetRecall: 0.95 } as const;
    const [usual, high] = [await fit({}, data), await fit(criterion, data)];
    assert.ok(high.threshold < usual.threshold - 0.1, `${high.threshold} ${usual.threshold}`);
  });
});

describe("linear learner: refusals", () => {
  const train = table(20, 14, binary);

  test("a loss that the predictor type does not have", async () => {
    await assert.rejects(fit({ loss: "squared" }, { train }), ParameterError);
    await assert.rejects(fit({ predictorType: "regressor", loss: "hinge" }, { train }), ParameterError);
  });

  test("labels that are no class name row and label", async () => {
    const labels = Float32Array.from(train.labels ?? []).fill(2, 3, 4);
    await assert.rejects(fit({}, { train: { ...train, labels } }), (error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, /label of row 4 of the training data is 2; it must be a class from 0 to 1/);
      return true;
    });
    await assert.rejects(fit({}, { train: { features: train.features } }), /have no labels/);
  });

  test("infinite numbers, and negative weights, name row and column", async () => {
    const infinite = denseMatrix([[1, 2, Number.POSITIVE_INFINITY]]);
    const labels = Float32Array.of(1);
    await assert.rejects(fit({}, { train: { features: infinite, labels } }), /Row 1, column 3 is infinite/);
    const weights = new Float32Array(20).fill(-1);
    await assert.rejects(fit({}, { train: { ...train, weights } }), /weight of row 1 .* is -1/);
  });
});
