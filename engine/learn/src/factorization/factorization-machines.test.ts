import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { linearLearner } from "../linear/linear-learner.ts";
import { denseMatrix, type SparseMatrix } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { factorizationMachines } from "./factorization-machines.ts";

const USERS = 20;
const ITEMS = 20;

/** A user likes an item of the same parity: no user and no item is liked more than another, only pairs tell. */
const likes = (user: number, item: number): number => Number(user % 2 === item % 2);
const rates = (user: number, item: number): number => (likes(user, item) === 1 ? 4 : 2);

function pairs(count: number, seed: number, label: (user: number, item: number) => number): Table {
  const random = createRandom(seed);
  const drawn = Array.from({ length: count }, () => [Math.floor(random() * USERS), Math.floor(random() * ITEMS)]);
  return { features: oneHot(drawn), labels: Float32Array.from(drawn, ([user = 0, item = 0]) => label(user, item)) };
}

function oneHot(drawn: readonly (readonly number[])[]): SparseMatrix {
  return {
    kind: "sparse",
    rows: drawn.length,
    columns: USERS + ITEMS,
    rowStarts: Float64Array.from({ length: drawn.length + 1 }, (_, row) => row * 2),
    columnIndexes: Uint32Array.from(drawn.flatMap(([user = 0, item = 0]) => [user, USERS + item])),
    values: new Float32Array(drawn.length * 2).fill(1),
    absent: "zero",
  };
}

const learnable = {
  factors: 4,
  epochs: 40,
  miniBatchSize: 50,
  linearLearningRate: 0.05,
  factorsLearningRate: 0.05,
  factorsInitSigma: 0.1,
} as const;
const inputs = oneHot([
  [2, 4],
  [2, 5],
  [3, 5],
]);

testTableAlgorithm({
  algorithm: factorizationMachines,
  parameters: learnable,
  data: () => ({ train: pairs(600, 1, likes) }),
  inputs,
  check: ({ values }) => {
    assert.ok(values[0] > 0.9 && values[1] < 0.1 && values[2] > 0.9, values.join(" "));
  },
  oneRow: () => ({ train: pairs(1, 1, likes) }),
  missingValues: () => {
    const train = pairs(20, 1, likes);
    train.features.values[3] = Number.NaN;
    return { train };
  },
  missing: "refused",
  endless: { parameters: { ...learnable, epochs: 1_000_000 }, data: () => ({ train: pairs(5000, 1, likes) }) },
});

describe("factorization machines", () => {
  const context = { seed: 1, threads: 1 };
  const test1000 = pairs(1000, 2, likes);
  const accuracy = (values: Float32Array): number =>
    values.filter((value, row) => Number(value > 0.5) === test1000.labels?.[row]).length / 1000;

  test("learn what a linear model cannot: only pairs tell, also those that were never seen", async () => {
    const data = { train: pairs(250, 1, likes) };
    const machine = await factorizationMachines.fit(learnable, data, context);
    assert.ok(accuracy(factorizationMachines.predict(machine, test1000.features).values) > 0.95);
    const line = await linearLearner.fit({}, data, context);
    assert.ok(accuracy(linearLearner.predict(line, test1000.features).values) < 0.6);
  });

  test("a regressor finds the rating of a pair", async () => {
    const parameters = { ...learnable, predictorType: "regressor", epochs: 80 } as const;
    const machine = await factorizationMachines.fit(parameters, { train: pairs(600, 1, rates) }, context);
    const { values } = factorizationMachines.predict(machine, inputs);
    for (const [row, expected] of [4, 2, 4].entries()) {
      assert.ok(Math.abs(values[row] - expected) < 0.3, `${values[row]}, not ${expected}`);
    }
  });

  test("dense rows are learned from like sparse ones; columns that never appear weigh nothing", async () => {
    const dense = denseMatrix([
      [1, 0, 0],
      [0, 2, 0],
    ]);
    const labels = Float32Array.of(1, 0);
    const machine = await factorizationMachines.fit(learnable, { train: { features: dense, labels } }, context);
    assert.ok(machine.linear[0] > 0 && machine.linear[1] < 0);
    assert.deepEqual([machine.linear[2], ...machine.factors.subarray(8)], [0, 0, 0, 0, 0]);
  });

  test("constants to begin with, and rates of 0, stay", async () => {
    const still = { biasLearningRate: 0, linearLearningRate: 0, factorsLearningRate: 0 };
    const constant = {
      biasInitMethod: "constant",
      linearInitMethod: "constant",
      factorsInitMethod: "constant",
    } as const;
    const values = { biasInitValue: 0.5, linearInitValue: -0.25, factorsInitValue: 0.125 };
    const parameters = { ...learnable, ...still, ...constant, ...values, epochs: 1 };
    const machine = await factorizationMachines.fit(parameters, { train: pairs(600, 1, likes) }, context);
    assert.equal(machine.bias, 0.5);
    assert.ok(machine.linear.every((weight) => weight === -0.25));
    assert.ok(machine.factors.every((factor) => factor === 0.125));
  });
});
