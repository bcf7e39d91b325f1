import { type DenseRows, distance } from "@rondo/kernels";
import { DataError, FormatError } from "../algorithm.ts";
import { decodeArrays, encodeArrays } from "../arrays-file.ts";
import { readModelHeader } from "../model-header.ts";
import { resolveParameters } from "../parameters.ts";
import { createRandom } from "../random.ts";
import { completeRows, LARGEST_SQUARED, requireColumns, requireCompleteRows } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import type { RowPredictions, TableAlgorithm, TableFitContext } from "../table/table-algorithm.ts";
import { clusterRowsOf } from "./cluster-rows.ts";
import { type KMeansValues, kMeansParameters } from "./k-means-parameters.ts";
import { type Clustering, clusterWithRestarts, iterateLloyd } from "./lloyd.ts";
import { clusterWebScale } from "./web-scale.ts";

export interface KMeansModel {
  /** One row for each center: k, or as many as there were rows. */
  readonly centers: DenseRows;
}

const FORMAT = "rondo-k-means-1";
/** Comparisons of numbers below which the start of a kernel does not pay off. */
const FEW_COMPARISONS = 100_000;

/**
 * K-Means by Lloyd's iteration (Lloyd 1982) after k-means++ (Arthur and Vassilvitskii 2007) or k-means|| (Bahmani et al. 2012), or
 * by mini-batches with extra centers. Predicts two numbers for each row: its nearest center, from 0, and the Euclidean distance
 * to it. Weights count; a missing value is refused.
 */
export const kMeans: TableAlgorithm<typeof kMeansParameters, KMeansModel> = {
  id: "k-means",
  parameters: kMeansParameters,
  async fit(parameters, { train }, context) {
    const values = resolveParameters(kMeansParameters, parameters);
    requireCompleteRows(train, "K-Means", LARGEST_SQUARED);
    requireWeight(train);
    const { centers } = await (values.method === "lloyd" ? fitLloyd : fitWebScale)(train, values, context);
    return { centers };
  },
  predict({ centers }, features) {
    requireColumns(features, centers.columns);
    const few = features.rows * centers.rows * centers.columns <= FEW_COMPARISONS;
    return few ? predictFew(centers, features) : predictMany(centers, features);
  },
  encode: ({ centers: { rows, columns, values } }) =>
    encodeArrays({ format: FORMAT, k: rows, columns }, { centers: values }),
  async decode(file) {
    const { header, take } = await decodeArrays(file, FORMAT);
    const settings = readModelHeader(header);
    const [rows, columns] = [settings.integer("k", 1), settings.integer("columns", 1)];
    const values = take("centers", Float32Array, rows * columns);
    if (!values.every(Number.isFinite)) throw new FormatError("A center of the model is not finite.");
    return { centers: { rows, columns, values } };
  },
};

function requireWeight({ weights }: Table): void {
  if (weights?.every((weight) => weight === 0)) throw new DataError("All rows have the weight 0.");
}

async function fitLloyd(train: Table, values: KMeansValues, context: TableFitContext): Promise<Clustering> {
  const { features, weights } = train;
  const { restarts, maximumIterations } = values;
  const centers = Math.min(values.k, features.rows);
  using rows = clusterRowsOf(features, { centers, bounds: true, candidates: true, weights }, context);
  return await clusterWithRestarts(rows, {
    ...values,
    random: createRandom(context.seed),
    stop: context.stop,
    onIteration: reportTo(train, restarts * maximumIterations, context),
  });
}

async function fitWebScale(
  train: Table,
  values: KMeansValues,
  context: TableFitContext,
): Promise<Pick<Clustering, "centers">> {
  const { features, weights } = train;
  // Epochs and Lloyd's iterations alike are a pass over the rows.
  const passes = values.epochs + values.maximumIterations;
  const centers = await clusterWebScale(train, values, {
    ...context,
    onProgress: (progress) =>
      context.onProgress?.({ ...progress, fraction: (progress.fraction * values.epochs) / passes }),
  });
  if (values.maximumIterations === 0 || context.stop?.aborted) return { centers };
  using rows = clusterRowsOf(features, { centers: centers.rows, bounds: true, candidates: false, weights }, context);
  const report = reportTo(train, passes, context);
  const onIteration = (iteration: number, inertia: number): void => report(values.epochs + iteration, inertia);
  return await iterateLloyd(rows, centers, { ...values, stop: context.stop, onIteration });
}

function reportTo({ features, weights }: Table, iterations: number, { onProgress }: TableFitContext) {
  const total = weights === undefined ? features.rows : weights.reduce((sum, weight) => sum + weight, 0);
  return (iteration: number, inertia: number): void => {
    const msd = { dataset: "train", metric: "msd", value: inertia / total };
    onProgress?.({ fraction: iteration / iterations, iteration, metrics: [msd] });
  };
}

/** By the scalar reference, which gives the same distances as the kernel. */
function predictFew(centers: DenseRows, features: Matrix): RowPredictions {
  const rows = completeRows(features);
  const values = new Float32Array(rows.rows * 2);
  for (let row = 0; row < rows.rows; row++) {
    let nearest = 0;
    let smallest = Number.POSITIVE_INFINITY;
    for (let center = 0; center < centers.rows; center++) {
      const measured = distance("squared-euclidean", rows, row, [centers, center]);
      if (measured >= smallest) continue;
      smallest = measured;
      nearest = center;
    }
    values.set([nearest, Math.sqrt(smallest)], row * 2);
  }
  return { rows: rows.rows, width: 2, values };
}

function predictMany(centers: DenseRows, features: Matrix): RowPredictions {
  using rows = clusterRowsOf(features, { centers: centers.rows, candidates: false }, { threads: 1 });
  const values = new Float32Array(features.rows * 2);
  rows.findNearest(centers);
  for (let row = 0; row < features.rows; row++) {
    values[row * 2] = rows.labels[row];
    values[row * 2 + 1] = Math.sqrt(rows.distances[row]);
  }
  return { rows: features.rows, width: 2, values };
}
