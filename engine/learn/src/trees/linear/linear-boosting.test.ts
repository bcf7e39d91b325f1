import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { FormatError } from "../../algorithm.ts";
import { type DenseMatrix, denseMatrix } from "../../table/matrix.ts";
import type { TableData } from "../../table/table.ts";
import { testTableAlgorithm } from "../../testing/table-algorithm-suite.ts";
import { gradientBoosting } from "../gradient-boosting.ts";
import { assertNear } from "../testing/assert-near.ts";
import { linearBoosting } from "./linear-boosting.ts";

interface Recorded {
  readonly columns: number;
  readonly rows: readonly (number | null)[];
  readonly rounds: number;
  readonly cases: readonly {
    readonly parameters: Readonly<Record<string, string | number>>;
    readonly labels: readonly number[];
    readonly weights: readonly number[] | null;
    readonly learned: readonly number[];
  }[];
}

const path = new URL("../testing/fixtures/generated/linear.json", import.meta.url);
const { columns, rows, rounds, cases } = JSON.parse(await readFile(path, "utf8")) as Recorded;
const values = Float32Array.from(rows, (value) => value ?? Number.NaN);
const features: DenseMatrix = { kind: "dense", rows: values.length / columns, columns, values };

describe("the weights that pip's xgboost learns", () => {
  for (const { parameters, labels, weights, learned } of cases) {
    const { eta, num_class: numClass = 0, base_score: baseScore = 0.5, objective, ...others } = parameters;
    test(`${objective}${weights === null ? "" : ", weighted"}`, async () => {
      const train = {
        features,
        labels: Float32Array.from(labels),
        ...(weights === null ? {} : { weights: Float32Array.from(weights) }),
      };
      const given = {
        ...others,
        objective,
        numClass,
        learningRate: eta,
        baseScore,
        boostFromAverage: false,
        numRound: rounds,
      };
      const model = await linearBoosting.fit(given as object, { train }, { seed: 0, threads: 1 });
      assertNear(model.weights, learned, 1e-5);
    });
  }
});

/** y = 3a - 2b + 1; c says nothing. */
function problem(rowCount: number, missing = 0): TableData {
  const random = createRandom(3);
  const table = Array.from({ length: rowCount }, () => [random(), random(), random()]);
  const labels = Float32Array.from(table, ([a = 0, b = 0]) => 3 * a - 2 * b + 1);
  return {
    train: {
      features: denseMatrix(table.map((row) => row.map((value) => (random() < missing ? Number.NaN : value)))),
      labels,
    },
  };
}

testTableAlgorithm({
  algorithm: linearBoosting,
  parameters: { numRound: 200, learningRate: 1 },
  data: () => problem(300),
  inputs: denseMatrix([
    [0, 0, 0.5],
    [1, 0, 0],
    [0.5, 1, 1],
  ]),
  check: ({ values: predictions }) => assertNear(predictions, [1, 4, 0.5], 1e-3),
  oneRow: () => ({ train: { features: denseMatrix([[1, 2, 3]]), labels: Float32Array.of(1) } }),
  missingValues: () => problem(300, 0.2),
  missing: "learned",
  endless: { parameters: { numRound: 1_000_000 }, data: () => problem(50_000) },
});

test("early stopping keeps the best round", async () => {
  const { train } = problem(100);
  const labels = (train.labels as Float32Array).map((label, row) => label + (row % 3) - 1);
  const judged = problem(40).train;
  const noisy = { ...judged, labels: (judged.labels as Float32Array).map((label, row) => label - (row % 5) + 2) };
  const values: number[] = [];
  const model = await linearBoosting.fit(
    { numRound: 500, learningRate: 0.9, earlyStoppingRounds: 5 },
    { train: { ...train, labels }, evaluated: [{ name: "validation", table: noisy }] },
    { seed: 0, threads: 1, onProgress: ({ metrics }) => void values.push(metrics[0]?.value ?? Number.NaN) },
  );
  const best = Number(model.attributes["best_iteration"]);
  assert.equal(values[best], Math.min(...values));
  assert.ok(values.length < 500);
  const again = await linearBoosting.fit(
    { numRound: best + 1, learningRate: 0.9 },
    { train: { ...train, labels } },
    { seed: 0, threads: 1 },
  );
  assert.deepEqual(model.weights, again.weights);
});

test("of a wide sparse table only what is written counts", async () => {
  const { labels } = problem(300).train;
  const width = 2_000_000;
  const places = [7, 1_000_000, width - 1];
  const { values: written } = problem(300).train.features;
  const sparse = (columns: number, at: readonly number[]): TableData => ({
    train: {
      features: {
        kind: "sparse",
        rows: 300,
        columns,
        rowStarts: Float64Array.from({ length: 301 }, (_, row) => row * 3),
        columnIndexes: Uint32Array.from({ length: 900 }, (_, entry) => at[entry % 3] ?? 0),
        values: written,
        absent: "missing",
      },
      labels,
    },
  });
  const context = { seed: 0, threads: 1 };
  const wide = await linearBoosting.fit({ numRound: 5 }, sparse(width, places), context);
  const narrow = await linearBoosting.fit({ numRound: 5 }, sparse(3, [0, 1, 2]), context);
  assert.deepEqual(
    [...places, width].map((column) => wide.weights[column]),
    [...narrow.weights],
  );
});

test("files of trees are none of linear boosters, and the other way round", async () => {
  const data = problem(20);
  const context = { seed: 0, threads: 1 };
  const file = (chunks: Iterable<Uint8Array>) => {
    const bytes = Buffer.concat([...chunks]);
    return { chunks: [bytes], byteLength: bytes.length };
  };
  const linear = file(linearBoosting.encode(await linearBoosting.fit({ numRound: 1 }, data, context)));
  const trees = file(gradientBoosting.encode(await gradientBoosting.fit({ numRound: 1 }, data, context)));
  await assert.rejects(gradientBoosting.decode(linear), FormatError);
  await assert.rejects(linearBoosting.decode(trees), FormatError);
});
