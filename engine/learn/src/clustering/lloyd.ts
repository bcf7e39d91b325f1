import { setImmediate } from "node:timers/promises";
import type { DenseRows } from "@rondo/kernels";
import type { Random } from "../random.ts";
import type { Assignment, ClusterRows } from "./cluster-rows.ts";
import { type Initialization, seedCenters } from "./seed-centers.ts";

export interface LloydOptions {
  readonly maximumIterations: number;
  /** Ends when the centers together have moved by at most this share of the columns' mean variance. */
  readonly tolerance: number;
  readonly stop?: AbortSignal | undefined;
  readonly onIteration?: (iteration: number, inertia: number) => void;
}

export interface Clustering {
  readonly centers: DenseRows;
  /** The weighted sum of squared distances to the nearest centers. */
  readonly inertia: number;
}

/** Lloyd's iteration (1982): each center moves to the mean of the rows that are nearest to it, until nothing moves. */
export async function iterateLloyd(rows: ClusterRows, start: DenseRows, options: LloydOptions): Promise<Clustering> {
  const { maximumIterations, stop, onIteration } = options;
  const threshold = options.tolerance * (await meanVariance(rows));
  let centers = start;
  let previous = Number.POSITIVE_INFINITY;
  let settled = maximumIterations === 0;
  for (let iteration = 1; ; iteration++) {
    const assignment = await rows.assign(centers);
    const { inertia } = assignment;
    if (settled || inertia >= previous || stop?.aborted) return { centers, inertia };
    onIteration?.(iteration, inertia);
    const moved = moveCenters(rows, centers, assignment);
    settled = squaredShift(centers, moved) <= threshold || iteration >= maximumIterations;
    centers = moved;
    previous = inertia;
    await setImmediate();
  }
}

export interface RestartOptions extends LloydOptions {
  readonly k: number;
  readonly initialization: Initialization;
  readonly restarts: number;
  readonly random: Random;
}

/** The best of several starts. */
export async function clusterWithRestarts(rows: ClusterRows, options: RestartOptions): Promise<Clustering> {
  const { k, initialization, restarts, random, stop, onIteration } = options;
  let best: Clustering | undefined;
  for (let restart = 0; restart < restarts; restart++) {
    const seeds = await seedCenters(initialization, rows, k, random);
    const offset = restart * options.maximumIterations;
    const clustering = await iterateLloyd(rows, seeds, {
      ...options,
      onIteration: (iteration, inertia) => onIteration?.(offset + iteration, inertia),
    });
    if (best === undefined || clustering.inertia < best.inertia) best = clustering;
    if (stop?.aborted) break;
  }
  if (best === undefined) throw new RangeError("At least one start is needed.");
  return best;
}

function moveCenters(rows: ClusterRows, centers: DenseRows, { sums, weights }: Assignment): DenseRows {
  fillEmptyClusters(rows, sums, weights);
  const { columns } = centers;
  const values = Float32Array.from(centers.values, (value, place) => {
    const weight = weights[Math.floor(place / columns)];
    return weight > 0 ? sums[place] / weight : value;
  });
  return { ...centers, values };
}

/** A center that no row is nearest to moves to the row that is farthest from its own, which leaves that one. */
function fillEmptyClusters(rows: ClusterRows, sums: Float64Array, weights: Float64Array): void {
  const { columns, distances, labels, values } = rows;
  const taken = new Set<number>();
  for (let center = 0; center < weights.length; center++) {
    if (weights[center] > 0) continue;
    let farthest = -1;
    for (let row = 0; row < rows.count; row++) {
      const counts = distances[row] > 0 && (rows.weights?.[row] ?? 1) > 0;
      if (counts && (farthest < 0 || distances[row] > distances[farthest]) && !taken.has(row)) farthest = row;
    }
    if (farthest < 0) return;
    taken.add(farthest);
    const weight = rows.weights?.[farthest] ?? 1;
    const left = labels[farthest];
    for (let column = 0; column < columns; column++) {
      const value = values[farthest * columns + column] * weight;
      sums[left * columns + column] -= value;
      sums[center * columns + column] = value;
    }
    weights[left] -= weight;
    weights[center] = weight;
  }
}

function squaredShift(before: DenseRows, after: DenseRows): number {
  return after.values.reduce((sum, value, place) => sum + (value - before.values[place]) ** 2, 0);
}

/** Of the columns, from the distances to the mean of all rows. */
async function meanVariance(rows: ClusterRows): Promise<number> {
  const { columns } = rows;
  const { sums, weights } = await rows.assign({ rows: 1, columns, values: new Float32Array(columns) });
  if (weights[0] === 0) return 0;
  const mean = Float32Array.from(sums, (sum) => sum / weights[0]);
  const { inertia } = await rows.assign({ rows: 1, columns, values: mean });
  return inertia / weights[0] / columns;
}
