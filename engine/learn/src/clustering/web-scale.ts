import { setImmediate } from "node:timers/promises";
import type { DenseRows } from "@rondo/kernels";
import { createRandom, type Random, sampleIndexes, shuffledIndexes } from "../random.ts";
import { writeRows } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { type ClusterRows, clusterRowsOf, createClusterRows } from "./cluster-rows.ts";
import type { KMeansValues } from "./k-means-parameters.ts";
import { clusterWithRestarts } from "./lloyd.ts";
import { seedCenters } from "./seed-centers.ts";

/** What "auto" stands for: more centers than wanted, as far as the rows allow, and starts of the clustering of centers. */
const EXTRA_CENTERS = 10;
const LOCAL_RESTARTS = 10;
/** Rows per center in the sample from which the first centers are drawn. */
const SAMPLE_ROWS = 20;

/**
 * Mini-batch K-Means with extra centers (Sculley 2010; "How K-Means Clustering Works" of the SageMaker developer guide): more
 * centers than wanted follow the means of the rows that were assigned to them, in random order; at the end they are
 * themselves clustered, weighted by their rows.
 */
export async function clusterWebScale(
  { features, weights }: Pick<Table, "features" | "weights">,
  values: KMeansValues,
  context: TableFitContext,
): Promise<DenseRows> {
  const random = createRandom(context.seed);
  const k = Math.min(values.k, features.rows);
  const factor = values.extraCenterFactor || Math.max(1, Math.min(EXTRA_CENTERS, Math.floor(features.rows / k / 4)));
  const count = Math.min(k * factor, features.rows);
  const seeds = await seedFromSample({ features, weights }, values, { context, random, count });
  const { centers, counts } = await followRows({ features, weights }, seeds, { values, context, random });
  if (count === k) return centers;
  const matrix = { kind: "dense", ...centers } as const;
  using rows = clusterRowsOf(
    matrix,
    { centers: k, bounds: true, candidates: true, weights: Float32Array.from(counts) },
    context,
  );
  const { centers: reduced } = await clusterWithRestarts(rows, {
    k,
    initialization: values.localInitialization,
    restarts: values.localRestarts || LOCAL_RESTARTS,
    maximumIterations: values.localMaximumIterations,
    tolerance: values.localTolerance,
    random,
    stop: context.stop,
  });
  return reduced;
}

interface Followed {
  readonly centers: DenseRows;
  /** The weights of the rows that each center has met, the old ones less where a half-life is set. */
  readonly counts: Float64Array;
}

async function seedFromSample(
  { features, weights }: Pick<Table, "features" | "weights">,
  values: KMeansValues,
  { context, random, count }: { readonly context: TableFitContext; readonly random: Random; readonly count: number },
): Promise<DenseRows> {
  const size = Math.min(features.rows, Math.max(values.miniBatchSize, SAMPLE_ROWS * count));
  const { columns } = features;
  const weighted = weights !== undefined;
  using rows = createClusterRows({ ...context, count: size, columns, weighted, centers: count, candidates: true });
  gather({ features, weights }, sampleIndexes(features.rows, size, random), rows);
  return await seedCenters(values.initialization, rows, count, random);
}

async function followRows(
  { features, weights }: Pick<Table, "features" | "weights">,
  seeds: DenseRows,
  {
    values,
    context,
    random,
  }: { readonly values: KMeansValues; readonly context: TableFitContext; readonly random: Random },
): Promise<Followed> {
  const { columns, rows: centerCount } = seeds;
  const { epochs, miniBatchSize, halfLife } = values;
  const batchSize = Math.min(miniBatchSize, features.rows);
  const weighted = weights !== undefined;
  const options = { count: batchSize, columns, weighted, centers: centerCount, candidates: false };
  using batch = createClusterRows({ ...context, ...options });
  const centers = { ...seeds, values: seeds.values.slice() };
  const sums = new Float64Array(centerCount * columns);
  const counts = new Float64Array(centerCount);
  const batches = Math.ceil(features.rows / batchSize);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffledIndexes(features.rows, random);
    let inertia = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      if (context.stop?.aborted && (epoch > 0 || start > 0)) return { centers, counts };
      const indexes = order.subarray(start, start + batchSize);
      gather({ features, weights }, indexes, batch);
      const assigned = await batch.assign(centers, indexes.length);
      inertia += assigned.inertia;
      const kept = halfLife === 0 ? 1 : 2 ** (-indexes.length / halfLife);
      for (let place = 0; place < sums.length; place++) sums[place] = sums[place] * kept + assigned.sums[place];
      for (let center = 0; center < centerCount; center++) {
        counts[center] = counts[center] * kept + assigned.weights[center];
        if (counts[center] === 0) continue;
        for (let place = center * columns; place < (center + 1) * columns; place++) {
          centers.values[place] = sums[place] / counts[center];
        }
      }
      const fraction = (epoch + Math.min(1, (start + batchSize) / features.rows)) / epochs;
      const isLast = start + batchSize >= order.length;
      const msd = { dataset: "train", metric: "msd", value: inertia / features.rows };
      context.onProgress?.({
        fraction,
        iteration: epoch * batches + start / batchSize + 1,
        metrics: isLast ? [msd] : [],
      });
      await setImmediate();
      context.signal?.throwIfAborted();
    }
  }
  return { centers, counts };
}

/** Copies rows of the table to the start of a batch. */
function gather(
  { features, weights }: { readonly features: Matrix; readonly weights?: Float32Array | undefined },
  indexes: Uint32Array,
  batch: ClusterRows,
): void {
  const { columns } = features;
  if (features.kind === "sparse") batch.values.fill(0);
  for (const [place, row] of indexes.entries()) {
    if (weights !== undefined && batch.weights !== undefined) batch.weights[place] = weights[row];
    writeRows(features, row, row + 1, batch.values.subarray(place * columns, (place + 1) * columns));
  }
}
