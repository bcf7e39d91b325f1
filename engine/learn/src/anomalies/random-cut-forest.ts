import { setImmediate } from "node:timers/promises";
import { DataError } from "../algorithm.ts";
import { type ParameterTable, resolveParameters } from "../parameters.ts";
import { createRandom, type Random } from "../random.ts";
import { completeRows, requireColumns, requireCompleteRows } from "../table/complete-rows.ts";
import type { DenseMatrix, Matrix } from "../table/matrix.ts";
import type { TableAlgorithm } from "../table/table-algorithm.ts";
import { scoreRow } from "./anomaly-score.ts";
import { type CutTree, createCutTree, insertRow, removeRow } from "./cut-tree.ts";
import { forestExcess, type RandomCutForest } from "./forest-model.ts";
import { createForestScorer, type ForestScorer } from "./forest-scorer.ts";
import { decodeForest, encodeForest } from "./random-cut-forest-file.ts";

/** Ranges beyond those of SageMaker's image, defaults as it has them. */
export const randomCutForestParameters = {
  trees: { type: "integer", minimum: 1, maximum: 10_000, default: 100 },
  samplesPerTree: { type: "integer", minimum: 1, maximum: 65_536, default: 256 },
} as const satisfies ParameterTable;

/** Rows that a tree scores before the next one does. */
const ROWS_AT_ONCE = 256;
/** Numbers of rows that are inserted between two looks at the signal; each is compared some twenty times. */
const NUMBERS_PER_TURN = 2 ** 18;

/**
 * Random cut forest (Guha, Mishra, Roy and Schrijvers 2016): each tree cuts a sample of the rows into single rows; what few cuts
 * separate is an anomaly. Predicts one score per row (see `scoreRow`): 1 is about usual. A missing value is refused.
 */
export const randomCutForest: TableAlgorithm<typeof randomCutForestParameters, RandomCutForest> = {
  id: "random-cut-forest",
  parameters: randomCutForestParameters,
  async fit(parameters, { train }, context) {
    const { trees: count, samplesPerTree } = resolveParameters(randomCutForestParameters, parameters);
    requireCompleteRows(train, "Random Cut Forest");
    const { rows, columns } = train.features;
    const size = Math.min(samplesPerTree, rows);
    const excess = forestExcess({ trees: count, samplesPerTree: size, columns });
    if (excess !== undefined) throw new DataError(`${excess}; take fewer trees, samples or columns.`);
    const perTurn = Math.ceil(NUMBERS_PER_TURN / columns);
    const trees: CutTree[] = [];
    for (let tree = 0; tree < count; tree++) {
      const random = createRandom(context.seed, tree);
      const grown = createCutTree(size, columns);
      let inserted = 0;
      for (const row of drawRows(rows, size, random)) {
        insertRow(grown, completeRows(train.features, row, row + 1).values, random);
        if (++inserted % perTurn > 0) continue;
        await setImmediate();
        context.signal?.throwIfAborted();
      }
      trees.push(grown);
      context.onProgress?.({ fraction: (tree + 1) / count, iteration: tree + 1, metrics: [] });
      await setImmediate();
      context.signal?.throwIfAborted();
      if (context.stop?.aborted) break;
    }
    return { columns, samplesPerTree: size, seen: rows, trees };
  },
  predict(model, features) {
    requireColumns(features, model.columns);
    const scorer = scorerOf(model);
    const values = new Float32Array(features.rows);
    for (let from = 0; from < features.rows; from += ROWS_AT_ONCE) {
      values.set(scorer.score(completeRows(features, from, Math.min(features.rows, from + ROWS_AT_ONCE))), from);
    }
    return { rows: features.rows, width: 1, values };
  },
  encode: encodeForest,
  decode: decodeForest,
};

/** How much each column contributes to the scores of rows: [row][column]; a row's contributions add up to its score. */
export function explainAnomalies(model: RandomCutForest, features: Matrix): Float64Array {
  requireColumns(features, model.columns);
  const { columns, trees } = model;
  const contributions = new Float64Array(features.rows * columns);
  for (let row = 0; row < features.rows; row++) {
    const { values } = completeRows(features, row, row + 1);
    const own = contributions.subarray(row * columns, (row + 1) * columns);
    for (const tree of trees) {
      scoreRow(tree, values, (column, score) => {
        own[column] += score / trees.length;
      });
    }
  }
  return contributions;
}

/**
 * The forest after further rows of a stream, in their order: each takes the place of a random one in a tree's sample with the probability that keeps
 * the sample uniform over all rows seen (reservoir sampling, Vitter 1985). The given forest stays as it is.
 */
export function extendForest(model: RandomCutForest, features: Matrix, seed: number): RandomCutForest {
  requireColumns(features, model.columns);
  requireCompleteRows({ features }, "Random Cut Forest");
  const trees = model.trees.map(copyTree);
  for (const [index, tree] of trees.entries()) {
    const random = createRandom(seed + model.seen, index);
    for (let row = 0; row < features.rows; row++) {
      if (tree.mass >= model.samplesPerTree) {
        if (random.below(model.seen + row + 1) >= model.samplesPerTree) continue;
        removeRow(tree, drawLeaf(tree, random));
      }
      insertRow(tree, completeRows(features, row, row + 1).values, random);
    }
  }
  return { ...model, seen: model.seen + features.rows, trees };
}

/** Windows of a series as rows: row i has the values i to i + size − 1. Throws RangeError when the series is shorter. */
export function shingle(series: Float32Array, size: number): DenseMatrix {
  if (size < 1 || series.length < size)
    throw new RangeError(`A series of ${series.length} values has no ${size} in a row.`);
  const rows = series.length - size + 1;
  const values = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) values.set(series.subarray(row, row + size), row * size);
  return { kind: "dense", rows, columns: size, values };
}

/** Of models that have scored before. A forest never changes. */
const scorers = new WeakMap<RandomCutForest, ForestScorer>();

function scorerOf(model: RandomCutForest): ForestScorer {
  const scorer = scorers.get(model) ?? createForestScorer(model);
  scorers.set(model, scorer);
  return scorer;
}

/** Different numbers below `count`, each set equally likely (Bentley and Floyd 1987). */
function drawRows(count: number, size: number, random: Random): ReadonlySet<number> {
  const drawn = new Set<number>();
  for (let last = count - size; last < count; last++) {
    const row = random.below(last + 1);
    drawn.add(drawn.has(row) ? last : row);
  }
  return drawn;
}

/** The leaf of a random row; one that stands for several is as much more likely. */
function drawLeaf(tree: CutTree, random: Random): number {
  let rest = random.below(tree.mass);
  return tree.masses.findIndex((mass) => {
    rest -= mass;
    return rest < 0;
  });
}

function copyTree(tree: CutTree): CutTree {
  return structuredClone(tree);
}
