import type { DenseRows } from "@rondo/kernels";
import { type ClusterRows, clusterRowsOf } from "../clustering/cluster-rows.ts";
import { iterateLloyd } from "../clustering/lloyd.ts";
import { seedCenters } from "../clustering/seed-centers.ts";
import { createRandom } from "../random.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";

/** Rows divided by their nearest center: an inverted file (Jégou, Douze and Schmid 2011, section IV). */
export interface InvertedLists {
  readonly centers: DenseRows;
  /** Of list i the places `starts[i]` … `starts[i + 1]` of `numbers`. */
  readonly starts: Uint32Array;
  /** The numbers of the rows, list after list, ascending in each. */
  readonly numbers: Uint32Array;
}

/** As Faiss trains its coarse quantizer and its codes. */
const ITERATIONS = 25;

/** Divides rows into so many lists. Each row goes to the list of the nearest center by Euclidean distance. */
export async function divideRows(rows: DenseRows, lists: number, context: TableFitContext): Promise<InvertedLists> {
  const { centers, labels } = await clusterRows(rows, lists, { context, share: [0, 1] });
  const starts = new Uint32Array(centers.rows + 1);
  for (const label of labels) starts[label + 1]++;
  for (let list = 0; list < centers.rows; list++) starts[list + 1] += starts[list];
  const next = starts.slice();
  const numbers = new Uint32Array(rows.rows);
  for (const [row, label] of labels.entries()) numbers[next[label]++] = row;
  return { centers, starts, numbers };
}

/** Centers of rows, and the nearest of each row. `share` says which part of the progress this is. */
export async function clusterRows(
  rows: DenseRows,
  k: number,
  { context, share: [from, to] }: { readonly context: TableFitContext; readonly share: readonly [number, number] },
): Promise<{ readonly centers: DenseRows; readonly labels: Int32Array }> {
  const matrix = { kind: "dense", ...rows } as const;
  using clusters: ClusterRows = clusterRowsOf(matrix, { centers: k, bounds: true, candidates: false }, context);
  const seeds = await seedCenters("random", clusters, k, createRandom(context.seed));
  const { centers } = await iterateLloyd(clusters, seeds, {
    maximumIterations: ITERATIONS,
    tolerance: 1e-4,
    stop: context.stop,
    onIteration: (iteration) => {
      const fraction = from + ((to - from) * iteration) / ITERATIONS;
      context.onProgress?.({ fraction, iteration, metrics: [] });
    },
  });
  return { centers, labels: clusters.labels.slice() };
}
