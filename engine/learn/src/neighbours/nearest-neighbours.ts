import type { DenseRows } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import { ParameterError, resolveParameters } from "../parameters.ts";
import { createRandom, sampleIndexes } from "../random.ts";
import {
  completeRows,
  LARGEST_SQUARED,
  requireColumns,
  requireCompleteRows,
  writeRows,
} from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { RowPredictions, TableAlgorithm } from "../table/table-algorithm.ts";
import { decodeNeighbours, encodeNeighbours } from "./nearest-neighbours-file.ts";
import { type NearestNeighboursValues, nearestNeighboursParameters } from "./nearest-neighbours-parameters.ts";
import { buildIndex, type NeighbourSearch, openIndex } from "./neighbour-index.ts";
import type { FoundNeighbours } from "./neighbour-scan.ts";
import type { NearestNeighboursModel } from "./neighbours-model.ts";
import { type ColumnReduction, reduceColumns } from "./reduce-columns.ts";

/** The neighbours of some rows, `k` entries each, the nearest first. */
export interface Neighbours {
  readonly k: number;
  /** Euclidean distances, cosine distances (1 − cosine) or inner products with their sign changed; Infinity where there is none. */
  readonly distances: Float32Array;
  /** Labels of the neighbours; NaN where there is none. */
  readonly labels: Float32Array;
  /** Numbers of the rows that were kept; −1 where there is none. */
  readonly references: Int32Array;
}

/**
 * k nearest neighbours: exact by a scan, or approximate by an inverted file, also with compressed rows (Jégou, Douze and Schmid
 * 2011). Of equally near rows the one that came first counts as the nearer, of equally frequent labels that of the nearest
 * neighbour wins. A missing value is refused.
 */
export const nearestNeighbours: TableAlgorithm<typeof nearestNeighboursParameters, NearestNeighboursModel> = {
  id: "nearest-neighbours",
  parameters: nearestNeighboursParameters,
  async fit(parameters, { train }, context) {
    const values = resolveParameters(nearestNeighboursParameters, parameters);
    requireCompleteRows(train, "k-NN", LARGEST_SQUARED);
    if (train.labels === undefined) throw new DataError("The rows have no labels; k-NN predicts what it has seen.");
    const { columns, rows: count } = train.features;
    const reduction = chooseReduction(values, columns, context.seed);
    const kept = sampleIndexes(count, values.sampleSize, createRandom(context.seed));
    const labels = Float32Array.from(kept, (row) => train.labels?.[row] ?? 0);
    const { k, predictor, metric } = values;
    const rows = prepare(takeRows(train.features, kept), { reduction, metric });
    const index = await buildIndex(rows, values, context);
    return { k: Math.min(k, kept.length), predictor, metric, columns, reduction, index, labels };
  },
  predict: (model, features) => vote(model, findNeighbours(model, features)),
  encode: encodeNeighbours,
  decode: decodeNeighbours,
};

/** Of models that have predicted before: the rows as the kernel needs them. */
const searches = new WeakMap<NearestNeighboursModel, NeighbourSearch>();

/** At once, on this thread alone. Throws DataError when the matrix has another number of columns than the model was trained with. */
export function findNeighbours(model: NearestNeighboursModel, features: Matrix): Neighbours {
  requireColumns(features, model.columns);
  const search = searches.get(model) ?? open(model, 1);
  searches.set(model, search);
  return toNeighbours(model, search.find(prepare(completeRows(features), model)));
}

/** The same neighbours on several threads. */
export async function findNeighboursInParallel(
  model: NearestNeighboursModel,
  features: Matrix,
  threads: number,
): Promise<Neighbours> {
  requireColumns(features, model.columns);
  using search = open(model, threads);
  return toNeighbours(model, await search.findInParallel(prepare(completeRows(features), model)));
}

/** What the neighbours of each row predict. */
export function vote({ predictor }: Pick<NearestNeighboursModel, "predictor">, neighbours: Neighbours): RowPredictions {
  const { k, labels } = neighbours;
  const rows = labels.length / k;
  const decide = predictor === "classifier" ? mostFrequent : mean;
  const values = Float32Array.from({ length: rows }, (_, row) => {
    const own = labels.subarray(row * k, (row + 1) * k);
    const found = own.findIndex(Number.isNaN);
    return decide(found < 0 ? own : own.subarray(0, found));
  });
  return { rows, width: 1, values };
}

function open({ index, k, metric }: NearestNeighboursModel, threads: number): NeighbourSearch {
  return openIndex(index, { neighbours: k, products: metric !== "l2", threads });
}

function chooseReduction(
  { reduction: kind, reducedColumns }: NearestNeighboursValues,
  columns: number,
  seed: number,
): ColumnReduction {
  if (kind === "none") return { kind };
  if (reducedColumns < 1 || reducedColumns >= columns) {
    const message = `Parameter reducedColumns must be between 0 and the ${columns} columns, exclusive, not ${reducedColumns}.`;
    throw new ParameterError("reducedColumns", message);
  }
  return { kind, seed, columns, reducedColumns };
}

function takeRows(features: Matrix, kept: Uint32Array): DenseRows {
  const { columns } = features;
  const values = new Float32Array(kept.length * columns);
  for (const [place, row] of kept.entries()) {
    writeRows(features, row, row + 1, values.subarray(place * columns, (place + 1) * columns));
  }
  return { rows: kept.length, columns, values };
}

/** Rows as they are compared: with fewer columns, and for cosines of length 1. */
function prepare(
  rows: DenseRows,
  { reduction, metric }: Pick<NearestNeighboursModel, "reduction" | "metric">,
): DenseRows {
  const reduced = reduceColumns(reduction, rows);
  if (metric !== "cosine") return reduced;
  const { columns } = reduced;
  const values = reduced.values.slice();
  for (let start = 0; start < values.length; start += columns) {
    let squares = 0;
    for (let place = start; place < start + columns; place++) squares += values[place] ** 2;
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let place = start; place < start + columns; place++) values[place] *= scale;
  }
  return { ...reduced, values };
}

function toNeighbours({ k, metric, labels }: NearestNeighboursModel, found: FoundNeighbours): Neighbours {
  const { distances, references } = found;
  const measure = { l2: Math.sqrt, cosine: (value: number) => 1 + value, "inner-product": (value: number) => value };
  return {
    k,
    distances: distances.map(measure[metric]),
    labels: Float32Array.from(references, (reference) => labels[reference] ?? Number.NaN),
    references,
  };
}

function mostFrequent(labels: Float32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  let best = labels[0] ?? Number.NaN;
  // A map keeps the order of insertion: the nearest first.
  for (const [label, count] of counts) if (count > (counts.get(best) ?? 0)) best = label;
  return best;
}

function mean(labels: Float32Array): number {
  return labels.reduce((sum, label) => sum + label, 0) / labels.length;
}
