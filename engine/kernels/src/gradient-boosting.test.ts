import assert from "node:assert/strict";
import { test } from "node:test";
import { growReferenceTree } from "./gradient-boosting.ts";
import { type BoostingSettings, startBoosting } from "./gradient-boosting.wasm.ts";

const settings: BoostingSettings = {
  learningRate: 0.5,
  lambda: 1,
  alpha: 0,
  gamma: 0,
  maxDeltaStep: 0,
  minChildWeight: 1,
  minDataInLeaf: 0,
  maxDepth: 4,
  maxLeaves: 0,
  lossGuided: false,
  maxBins: 255,
  maxCategoryThreshold: 64,
  columnsByTree: 1,
  columnsByLevel: 1,
  columnsByNode: 1,
  subsample: 1,
  positiveWeight: 1,
  seed: 3,
  parallelTrees: 1,
  keepRows: false,
  constraints: [],
};

interface Problem {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly labels: Float32Array;
}

/** Whole numbers, a tenth of them missing; labels are multiples of 1/8, so that sums are exact in any order. */
function createProblem(rows: number, columns: number): Problem {
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const values = Float32Array.from({ length: rows * columns }, () =>
    random() < 0.1 ? Number.NaN : Math.floor(random() * 40),
  );
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0] = [values[row * columns] || 7, values[row * columns + columns - 1] || 30];
    return Math.floor(a * 2 - (b > 20 ? a : 0) + random() * 16) / 8;
  });
  return { rows, columns, values, labels };
}

async function start({ rows, columns, values, labels }: Problem, threads: number, changed = {}) {
  const shape = { rows, columns, outputs: 1, threads, categoryBytes: 0, nodes: 31, trees: 4, batch: 8, slots: 17 };
  const source = {
    copyRows: (from: number, to: number, target: Float32Array): void =>
      target.set(values.subarray(from * columns, to * columns)),
  };
  return startBoosting(
    { ...shape, constraintSets: 0, hasWeights: false },
    { ...settings, ...changed },
    { source, categories: [], labels },
  );
}

for (const [rows, columns] of [
  [5, 3],
  [37, 1],
  [700, 1],
  [700, 5],
  [1003, 14],
] as const) {
  test(`${rows} × ${columns}: the tree of the scalar reference`, async () => {
    const problem = createProblem(rows, columns);
    using kernel = await start(problem, 1);
    const [tree] = await kernel.boost("squared-error", 0, 1);
    const reference = growReferenceTree(
      {
        bins: Array.from({ length: columns }, (_, column) =>
          Uint8Array.from({ length: rows }, (_value, row) => kernel.binOf(column, row)),
        ),
        binCounts: Array.from({ length: columns }, (_, column) => kernel.binCount(column)),
        firsts: problem.labels.map((label) => -label),
        seconds: new Float32Array(rows).fill(1),
      },
      settings,
    );
    assert.deepEqual(
      [...tree.leftChildren],
      reference.map(({ left }) => left ?? -1),
    );
    for (const [index, { split, first, second }] of reference.entries()) {
      assert.equal(tree.sumHessians[index], second);
      if (split === undefined) {
        assert.equal(tree.splitConditions[index], Math.fround(Math.fround(-first / (second + 1)) * 0.5));
        continue;
      }
      assert.equal(tree.splitColumns[index], split.column);
      assert.equal(tree.defaultLeft[index], Number(split.isDefaultLeft));
      assert.ok(Math.abs(tree.lossChanges[index] - split.gain) <= 1e-5 * Math.max(1, split.gain));
    }
  });
}

for (const [rows, columns] of [
  [5, 3],
  [37, 1],
  [1003, 30],
  [70_001, 3],
] as const) {
  test(`${rows} × ${columns}: one, two and three threads grow the same trees`, async () => {
    const problem = createProblem(rows, columns);
    const trees = async (threads: number, changed = {}) => {
      using kernel = await start(problem, threads, changed);
      return [await kernel.boost("squared-error", 0, 4), kernel.margins.slice(0, rows)];
    };
    for (const changed of [
      {},
      { subsample: 0.5, columnsByNode: 0.6 },
      { lossGuided: true, maxLeaves: 7, maxDepth: 0 },
    ]) {
      const one = await trees(1, changed);
      for (const threads of [2, 3]) assert.deepEqual(await trees(threads, changed), one);
    }
  });
}

test("step by step the same as in one call, and 16 bits hold what has few digits", async () => {
  const problem = createProblem(9000, 3);
  using together = await start(problem, 2);
  const trees = await together.boost("squared-error", 0, 4);
  using stepwise = await start(problem, 2);
  for (let tree = 0; tree < 4; tree += 1) {
    await stepwise.derive("squared-error");
    assert.deepEqual(await stepwise.grow(tree, 0), trees[tree]);
    await stepwise.apply(0);
  }
  assert.deepEqual(stepwise.margins.slice(0, problem.rows), together.margins.slice(0, problem.rows));
  const sum = problem.labels.reduce((total, label) => total + label, 0);
  assert.equal(trees[0].baseWeights[0], Math.fround(sum / (problem.rows + 1)));
});

test("few histograms: those of waiting nodes are summed anew", async () => {
  const problem = createProblem(2000, 6);
  const shape = {
    rows: 2000,
    columns: 6,
    outputs: 1,
    threads: 2,
    categoryBytes: 0,
    nodes: 31,
    trees: 1,
    constraintSets: 0,
  };
  const { values, labels } = problem;
  const data = {
    source: {
      copyRows: (from: number, to: number, target: Float32Array) => target.set(values.subarray(from * 6, to * 6)),
    },
    categories: [],
    labels,
  };
  using many = await startBoosting({ ...shape, batch: 8, slots: 17, hasWeights: false }, settings, data);
  using few = await startBoosting({ ...shape, batch: 1, slots: 3, hasWeights: false }, settings, data);
  assert.deepEqual(await few.boost("squared-error", 0, 1), await many.boost("squared-error", 0, 1));
});

test("an abort ends the binning of a table that is staged in parts", async () => {
  const problem = createProblem(140_000, 1);
  const stopping = new AbortController();
  let copies = 0;
  const source = {
    copyRows: (from: number, to: number, target: Float32Array): void => {
      copies += 1;
      target.set(problem.values.subarray(from, to));
      if (copies > 131_072) stopping.abort(new Error("enough"));
    },
  };
  const shape = { rows: 140_000, columns: 1, outputs: 1, threads: 1, categoryBytes: 0, nodes: 3, trees: 1, batch: 1 };
  const starting = startBoosting({ ...shape, slots: 3, constraintSets: 0, hasWeights: false }, settings, {
    source,
    categories: [],
    labels: problem.labels,
    signal: stopping.signal,
  });
  await assert.rejects(starting, /enough/);
});
