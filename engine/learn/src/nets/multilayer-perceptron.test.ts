import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createRandom } from "../random.ts";
import { denseMatrix, sliceRows } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { multilayerPerceptron } from "./multilayer-perceptron.ts";

const COLOURS = ["red", "green", "blue", "grey"];

/** Two numbers of different scale and a category; no line through the numbers tells the classes apart. */
function table(rows: number, seed: number, label: (a: number, b: number, colour: number) => number): Table {
  const random = createRandom(seed);
  const inputs = Array.from({ length: rows }, () => [
    random.uniform() * 2 - 1,
    random.uniform() * 200 + 900,
    random.below(4),
  ]);
  const labels = Float32Array.from(inputs, ([a = 0, b = 0, colour = 0]) => label(a, (b - 1000) / 100, colour));
  return { features: denseMatrix(inputs), labels, categories: [undefined, undefined, COLOURS] };
}

const exclusive = (a: number, b: number, colour: number): number => Number(a * b > 0 === colour < 2);
const inputs = denseMatrix([
  [0.7, 1070, 0],
  [0.7, 930, 1],
  [-0.7, 1070, 2],
  [0.7, 1070, 3],
]);
const context = { seed: 1, threads: 1 };

testTableAlgorithm({
  algorithm: multilayerPerceptron,
  parameters: { hiddenLayers: "32,16", epochs: 25, learningRate: 0.01, batchSize: 64, dropout: 0 },
  data: () => ({
    train: table(1500, 1, exclusive),
    evaluated: [{ name: "validation", table: table(300, 2, exclusive) }],
  }),
  inputs,
  check: ({ values }) => {
    assert.deepEqual(Array.from(values, Math.round), [1, 0, 1, 0], values.join(" "));
  },
  oneRow: () => ({ train: table(1, 3, exclusive) }),
  missingValues: () => {
    const train = table(100, 4, exclusive);
    train.features.values.set([Number.NaN, Number.NaN, Number.NaN]);
    return { train };
  },
  missing: "learned",
  endless: { parameters: { epochs: 1_000_000 }, data: () => ({ train: table(500, 5, exclusive) }) },
});

describe("multilayer perceptron", () => {
  test("onnxruntime says the same of the exported model, also of missing values and unknown categories", async () => {
    const odd = denseMatrix([
      [Number.NaN, 1000, 1],
      [0.5, Number.NaN, Number.NaN],
      [0.5, 950, 17],
      [0.5, 950, -1],
      [0.5, 950, 1.5],
      [0.1, 1010, 3],
    ]);
    for (const [predictorType, label] of [
      ["binary_classifier", exclusive],
      ["multiclass_classifier", (_a: number, _b: number, colour: number) => (colour + 1) % 3],
      ["regressor", (a: number, b: number, colour: number) => 100 + 30 * a * b + 5 * colour],
    ] as const) {
      const parameters = { predictorType, epochs: 3, hiddenLayers: "8" };
      const model = await multilayerPerceptron.fit(parameters, { train: table(400, 6, label) }, context);
      const session = await InferenceSession.create(Buffer.concat([...multilayerPerceptron.encode(model)]));
      const { predictions } = await session.run({ features: new Tensor("float32", odd.values, [6, 3]) });
      const ours = multilayerPerceptron.predict(model, odd);
      assert.deepEqual(predictions?.dims, [6, ours.width]);
      for (const [index, value] of ours.values.entries()) {
        const other = Number(predictions?.data[index]);
        assert.ok(Math.abs(value - other) <= 1e-5 * Math.max(1, Math.abs(value)), `${value} beside ${other}`);
      }
      await session.release();
    }
  });

  test("a regressor predicts in units of its labels", async () => {
    const surface = (a: number, b: number, colour: number): number => 5000 + 800 * a * b + 300 * colour;
    const parameters = {
      predictorType: "regressor",
      epochs: 60,
      learningRate: 0.01,
      dropout: 0,
      hiddenLayers: "32",
    } as const;
    const model = await multilayerPerceptron.fit(parameters, { train: table(2000, 7, surface) }, context);
    const held = table(200, 8, surface);
    const { values } = multilayerPerceptron.predict(model, held.features);
    const errors = values.map((value, row) => (value - (held.labels?.[row] ?? 0)) ** 2);
    assert.ok(Math.sqrt(errors.reduce((sum, error) => sum + error, 0) / 200) < 60);
  });

  test("training ends with the best weights when the validation gets no better", async () => {
    const noise = createRandom(9);
    const random = (): number => noise.below(2);
    const data = { train: table(60, 10, random), evaluated: [{ name: "validation", table: table(200, 11, random) }] };
    const losses: number[] = [];
    const onProgress = ({
      metrics,
    }: {
      readonly metrics: readonly { readonly metric: string; readonly value: number }[];
    }): void => {
      losses.push(metrics.filter(({ metric }) => metric === "loss").at(-1)?.value ?? 0);
    };
    const parameters = { epochs: 500, patience: 3, learningRate: 0.01, dropout: 0 };
    const model = await multilayerPerceptron.fit(parameters, data, { ...context, onProgress });
    assert.ok(losses.length < 100, `${losses.length} epochs`);
    assert.equal(losses.indexOf(Math.min(...losses)), losses.length - 4);
    const shorter = await multilayerPerceptron.fit({ ...parameters, epochs: losses.length - 3 }, data, context);
    assert.deepEqual(
      multilayerPerceptron.predict(model, inputs).values,
      multilayerPerceptron.predict(shorter, inputs).values,
    );
  });

  test("dropout is the seed's; rows without weight do not count", async () => {
    const train = table(200, 12, exclusive);
    const parameters = { epochs: 2, dropout: 0.5 };
    const first = await multilayerPerceptron.fit(parameters, { train }, context);
    const again = await multilayerPerceptron.fit(parameters, { train }, context);
    assert.deepEqual(multilayerPerceptron.predict(again, inputs), multilayerPerceptron.predict(first, inputs));
    const other = await multilayerPerceptron.fit(parameters, { train }, { ...context, seed: 2 });
    assert.notDeepEqual(multilayerPerceptron.predict(other, inputs), multilayerPerceptron.predict(first, inputs));
    const weights = Float32Array.from({ length: 200 }, (_, row) => Number(row >= 100));
    const labels = train.labels?.map((label, row) => (row < 100 ? 1 - label : label));
    const options = { epochs: 60, learningRate: 0.01, dropout: 0 };
    const weighted = await multilayerPerceptron.fit(options, { train: { ...train, labels, weights } }, context);
    const { values } = multilayerPerceptron.predict(weighted, sliceRows(train.features, 100, 200));
    const right = values.filter((value, row) => Math.round(value) === train.labels?.[100 + row]).length;
    assert.ok(right > 90, `${right} of 100`);
  });

  test("what cannot be learned from is refused with the reason", async () => {
    const train = table(10, 13, exclusive);
    const refused = async (change: Partial<Table>, message: RegExp): Promise<void> => {
      await assert.rejects(multilayerPerceptron.fit({}, { train: { ...train, ...change } }, context), message);
    };
    await refused({ labels: undefined }, /no labels/);
    await refused({ labels: new Float32Array(10).fill(2) }, /label of row 0 is 2; it must be 0 or 1/);
    await refused({ weights: new Float32Array(10) }, /weights of the rows are all 0/);
    const many = { ...train, labels: new Float32Array(10).fill(1e9) };
    const predictorType = "multiclass_classifier";
    await assert.rejects(
      multilayerPerceptron.fit({ predictorType }, { train: many }, context),
      /at most 10000 classes/,
    );
    for (const change of [{ labels: new Float32Array(10).fill(Number.NaN) }, { weights: new Float32Array(10) }]) {
      const evaluated = [{ name: "validation", table: { ...train, ...change } }];
      await assert.rejects(
        multilayerPerceptron.fit({}, { train, evaluated }, context),
        /The validation data: The (label|weights)/,
      );
    }
    await assert.rejects(
      multilayerPerceptron.fit({ hiddenLayers: "8,0" }, { train }, context),
      /hiddenLayers must be up to 16/,
    );
  });
});
