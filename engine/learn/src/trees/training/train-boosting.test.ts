import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@rondo/statistics";
import { DataError } from "../../algorithm.ts";
import { ParameterError } from "../../parameters.ts";
import { denseMatrix, type Matrix } from "../../table/matrix.ts";
import type { Table } from "../../table/table.ts";
import type { TableFitProgress } from "../../table/table-algorithm.ts";
import { gradientBoosting } from "../gradient-boosting.ts";
import { findMetric } from "../metrics/find-metric.ts";
import { createEnsemblePredictor, predictMargins } from "../prediction/predict-ensemble.ts";

type Given = Parameters<typeof gradientBoosting.fit>[0];

const context = { seed: 4, threads: 2 };

/** The first column rises, the second falls, the third is noise. */
function createTable(rows: number, seed = 1): Table & { readonly labels: Float32Array } {
  const random = createRandom(seed);
  const values = Array.from({ length: rows }, () => [random() * 4, random() * 4, random()]);
  const labels = Float32Array.from(values, ([a = 0, b = 0]) => a * a - 2 * b + random());
  return { features: denseMatrix(values), labels };
}

function meanSquare(table: Table & { readonly labels: Float32Array }, predictions: Float32Array): number {
  return table.labels.reduce((sum, label, row) => sum + (label - predictions[row]) ** 2, 0) / table.labels.length;
}

async function fit(parameters: Given, train: Table, evaluated: readonly Table[] = []) {
  const progress: TableFitProgress[] = [];
  const named = evaluated.map((table, index) => ({ name: `table${index}`, table }));
  const onProgress = (entry: TableFitProgress): void => void progress.push(entry);
  const model = await gradientBoosting.fit(parameters, { train, evaluated: named }, { ...context, onProgress });
  return { model, progress };
}

for (const [name, parameters] of Object.entries({
  "rows and columns by chance": { subsample: 0.6, colsampleBytree: 0.7, colsampleBylevel: 0.8, colsampleBynode: 0.9 },
  dart: { booster: "dart", rateDrop: 0.3, oneDrop: true, numRound: 60 },
  "dart, weighted, forest": {
    booster: "dart",
    rateDrop: 0.2,
    sampleType: "weighted",
    normalizeType: "forest",
    skipDrop: 0.3,
  },
  "parallel trees": { numParallelTree: 5, subsample: 0.5, numRound: 40 },
  "loss-guided": { growPolicy: "lossguide", maxLeaves: 12, maxDepth: 0 },
  "no limit but the rows": { maxDepth: 0, minChildWeight: 8 },
  "absolute error": { objective: "reg:absoluteerror" },
  "few bins": { maxBin: 16 },
} as const satisfies Record<string, Given>)) {
  test(`${name}: learns, the same on one thread, and keeps the margins that it predicts`, async () => {
    const [train, test] = [createTable(900), createTable(400, 2)];
    const given: Given = { numRound: 80, learningRate: 0.2, ...parameters };
    const { model, progress } = await fit(given, train, [train, test]);
    const error = meanSquare(test, gradientBoosting.predict(model, test.features).values);
    assert.ok(error < 0.05 * meanSquare(test, new Float32Array(400)), `${error}`);
    const last = progress.at(-1)?.metrics ?? [];
    const metric = parameters === undefined || !("objective" in parameters) ? "rmse" : "mae";
    assert.deepEqual(
      last.map((entry) => [entry.dataset, entry.metric]),
      [
        ["table0", metric],
        ["table1", metric],
      ],
    );
    if (metric === "rmse") assert.ok(Math.abs((last[1]?.value ?? 0) - Math.sqrt(error)) < 1e-4);
    const alone = await gradientBoosting.fit(given, { train }, { ...context, threads: 1 });
    assert.deepEqual(alone.trees, model.trees);
  });
}

test("early stopping keeps the best round and says which it was", async () => {
  const [train, test] = [createTable(60), createTable(300, 2)];
  const { model, progress } = await fit({ numRound: 500, earlyStoppingRounds: 5, maxDepth: 8 }, train, [test]);
  const errors = progress.map(({ metrics }) => metrics[0]?.value ?? Number.NaN);
  const best = errors.indexOf(Math.min(...errors));
  assert.equal(progress.length, best + 6);
  assert.equal(model.trees.length, best + 1);
  assert.deepEqual(model.attributes, { best_iteration: String(best), best_score: String(errors[best]) });
});

test("early stopping of dart keeps what the trees counted in the best round", async () => {
  const [train, test] = [createTable(60), createTable(300, 2)];
  const given: Given = { numRound: 300, earlyStoppingRounds: 12, maxDepth: 8, booster: "dart", rateDrop: 0.5 };
  const { model, progress } = await fit(given, train, [test]);
  assert.ok(progress.length > model.trees.length + 5 && progress.length < 300, `${progress.length}`);
  const error = Math.sqrt(meanSquare(test, gradientBoosting.predict(model, test.features).values));
  const best = Math.min(...progress.map(({ metrics }) => metrics[0]?.value ?? Number.NaN));
  assert.ok(Math.abs(error - best) < 1e-4, `${error}, in the best round ${best}`);
});

test("stopped before the first round there is no best one", async () => {
  const train = createTable(20);
  const stop = AbortSignal.abort();
  const given: Given = { earlyStoppingRounds: 3 };
  const model = await gradientBoosting.fit(
    given,
    { train, evaluated: [{ name: "a", table: train }] },
    { ...context, stop },
  );
  assert.equal(model.trees.length, 0);
  assert.deepEqual(model.attributes, {});
});

test("as many bins as maxBin says, also two", async () => {
  const features = denseMatrix([[1], [1], [2], [2]]);
  const table = { features, labels: Float32Array.of(0, 0, 1, 1) };
  const { model } = await fit({ maxBin: 2, numRound: 1, minChildWeight: 0, lambda: 0, learningRate: 1 }, table);
  assert.deepEqual([...gradientBoosting.predict(model, features).values], [0, 0, 1, 1]);
});

test("a weight counts like as many rows", async () => {
  const { features, labels } = createTable(200);
  const twice: Matrix = { ...features, rows: 400, values: Float32Array.from([...features.values, ...features.values]) };
  const parameters: Given = { numRound: 5, maxDepth: 3 };
  const repeated = await fit(parameters, { features: twice, labels: Float32Array.from([...labels, ...labels]) });
  const weighted = await fit(parameters, { features, labels, weights: new Float32Array(200).fill(2) });
  assert.deepEqual(weighted.model.trees, repeated.model.trees);
});

test("monotone constraints hold everywhere", async () => {
  const { model } = await fit({ numRound: 50, monotoneConstraints: "(1,-1)" }, createTable(600));
  const steps = Array.from({ length: 40 }, (_, step) => step / 10);
  const along = (row: (value: number) => number[]): number[] => [
    ...gradientBoosting.predict(model, denseMatrix(steps.map(row))).values,
  ];
  const rising = along((value) => [value, 2, 0.5]);
  const falling = along((value) => [2, value, 0.5]);
  assert.ok(rising.every((value, step) => step === 0 || value >= rising[step - 1]));
  assert.ok(falling.every((value, step) => step === 0 || value <= falling[step - 1]));
});

test("interaction constraints: no path has columns of two sets", async () => {
  const { model } = await fit({ numRound: 20, interactionConstraints: "[[0],[1,2]]" }, createTable(600));
  for (const { leftChildren, rightChildren, splitColumns } of model.trees) {
    const visit = (node: number, path: readonly number[]): void => {
      if (leftChildren[node] < 0) return void assert.ok(!path.includes(0) || new Set(path).size === 1, `${path}`);
      for (const child of [leftChildren[node], rightChildren[node]]) visit(child, [...path, splitColumns[node]]);
    };
    visit(0, []);
  }
});

test("classes, several trees a round, and more categories than bins", async () => {
  const random = createRandom(9);
  const rows = Array.from({ length: 3000 }, () => [Math.floor(random() * 300), random()]);
  const labels = Float32Array.from(rows, ([category = 0]) => category % 3);
  const train: Table = {
    features: denseMatrix(rows),
    labels,
    categories: [Array.from({ length: 300 }, (_, category) => `${category}`), undefined],
  };
  const parameters: Given = { objective: "multi:softmax", numClass: 3, numParallelTree: 2, numRound: 20 };
  const { model, progress } = await fit(parameters, train, [train]);
  const { values } = gradientBoosting.predict(model, train.features);
  const right = values.reduce((count, label, row) => count + Number(label === labels[row]), 0);
  assert.ok(right > 2700, `${right}`);
  assert.equal(model.trees.length, 20 * 3 * 2);
  assert.ok((progress.at(-1)?.metrics[0]?.value ?? 1) < 0.5, "probabilities, not classes, are judged");
});

test("labels that are all equal are predicted, as numbers", async () => {
  const { features } = createTable(20);
  for (const [objective, label] of [
    ["binary:logistic", 0],
    ["binary:logistic", 1],
    ["count:poisson", 0],
    ["reg:tweedie", 0],
  ] as const) {
    const { model } = await fit({ objective, numRound: 3 }, { features, labels: new Float32Array(20).fill(label) });
    for (const value of gradientBoosting.predict(model, features).values)
      assert.ok(Math.abs(value - label) < 1e-5, objective);
  }
});

test("base scores of 0 and 1 stand for the margins that pip's xgboost 3.2 starts from", async () => {
  const table = { features: denseMatrix([[0], [1]]), labels: Float32Array.of(0, 1) };
  for (const [baseScore, margin] of [
    [0, -13.81551],
    [1, 13.74516],
  ] as const) {
    const given: Given = { objective: "binary:logistic", boostFromAverage: false, baseScore, learningRate: 0 };
    const { model } = await fit(given, table);
    for (const value of predictMargins(model, table.features).values) assert.ok(Math.abs(value - margin) < 1e-5);
  }
});

for (const [objective, metric, classes] of [
  ["binary:logistic", "logloss", 2],
  ["reg:squarederror", "rmse", 2],
  ["multi:softprob", "mlogloss", 3],
] as const) {
  test(`${metric} of all rounds is that of the predictions, weighted, on any number of threads`, async () => {
    const tables = [createTable(5001), createTable(4099, 2)].map(({ features, labels }) => ({
      features,
      labels: labels.map((label) => Math.abs(Math.floor(label)) % classes),
      weights: labels.map((_, row) => row % 4),
    }));
    const [train = createTable(1), test = createTable(1)] = tables;
    const given: Given = { objective, numRound: 3, numClass: classes > 2 ? classes : 0 };
    const { model, progress } = await fit(given, train, [test, train]);
    const figures = (progress.at(-1)?.metrics ?? []).map(({ value }) => value);
    for (const [index, table] of [test, train].entries()) {
      const predictions = gradientBoosting.predict(model, table.features);
      const expected = findMetric(metric, { objective }).evaluate(predictions, table);
      assert.ok(Math.abs((figures[index] ?? 0) - expected) < 2e-6, `${figures[index]} beside ${expected}`);
    }
    const alone: number[] = [];
    const onProgress = ({ metrics }: TableFitProgress): number => alone.push(...metrics.map(({ value }) => value));
    const evaluated = [test, train].map((table) => ({ name: "a", table }));
    await gradientBoosting.fit(given, { train, evaluated }, { seed: 4, threads: 1, onProgress });
    assert.deepEqual(alone.slice(-2), figures);
  });
}

test("several threads predict the same", async () => {
  const table = createTable(700);
  const { model } = await fit({ numRound: 10 }, table);
  using predictor = createEnsemblePredictor(model, 3);
  assert.deepEqual(await predictor.predict(table.features), gradientBoosting.predict(model, table.features));
  assert.equal(predictMargins(model, table.features).width, 1);
});

test("what cannot be learned from is refused by name", async () => {
  const table = createTable(10);
  const refused = async (parameters: Given, changed: Partial<Table>, expected: RegExp): Promise<void> => {
    const fitting = gradientBoosting.fit(parameters, { train: { ...table, ...changed } }, context);
    await assert.rejects(fitting, (error) => {
      assert.ok(error instanceof DataError || error instanceof ParameterError);
      return expected.test(error.message);
    });
  };
  await refused({ objective: "binary:logistic" }, {}, /labels that are between 0 and 1; that of row 1 is/);
  await refused({ objective: "multi:softprob" }, {}, /numClass must be at least 2/);
  await refused({}, { labels: undefined }, /needs labels/);
  await refused({}, { weights: new Float32Array(10).fill(-1) }, /weight of row 1 is -1/);
  await refused({ monotoneConstraints: "(2)" }, {}, /monotoneConstraints must list -1, 0 or 1/);
  await refused({ interactionConstraints: "[[7]]" }, {}, /columns from 0 to 2/);
  await refused({ evalMetric: "beauty" }, {}, /no metric "beauty"/);
  const labels = new Float32Array(10).fill(1);
  for (const [objective, baseScore, expected] of [
    ["binary:logistic", 2, /baseScore is 2; of binary:logistic it must be from 0 to 1/],
    ["reg:logistic", -1, /baseScore is -1; of reg:logistic it must be from 0 to 1/],
    ["count:poisson", 0, /baseScore is 0; of count:poisson it must be above 0/],
    ["survival:cox", -1, /baseScore is -1; of survival:cox it must be above 0/],
  ] as const) {
    await refused({ objective, baseScore, boostFromAverage: false }, { labels }, expected);
  }
  const judged = [{ name: "validation", table: { ...table, labels: labels.map((_, row) => row) } }];
  await assert.rejects(
    gradientBoosting.fit(
      { objective: "multi:softmax", numClass: 3 },
      { train: { ...table, labels }, evaluated: judged },
      context,
    ),
    /table validation: multi:softmax with numClass 3 needs labels from 0 to 2; that of row 4 is 3/,
  );
  const features = denseMatrix(Array.from({ length: 10 }, (_, row) => [row === 6 ? -0.5 : 1]));
  const categories = [["a", "b"]];
  await refused({}, { features, categories }, /Row 7, column 1: there is no category -0.5; .* are 0 to 1/);
});
