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

/**
 * Lloyd's iteration (1982): each center moves to the mean of the rows that are nearest to it, until nothing moves. Rows that are
 * certain to stay with their center are not compared again (Hamerly 2010), which changes no result. The rows must have bounds.
 */
export async function iterateLloyd(rows: ClusterRows, start: DenseRows, options: LloydOptions): Promise<Clustering> {
  const { maximumIterations, stop, onIteration } = options;
  const threshold = options.tolerance * (await meanVariance(rows));
  let centers = start;
  let assignment = await rows.assign(centers);
  const squares = squaresOf(assignment, centers);
  let previous = Number.POSITIVE_INFINITY;
  let isExact = true;
  for (let iteration = 1; iteration <= maximumIterations; iteration++) {
    const inertia = squares - squaresOfMeans(assignment, centers.columns);
    if (inertia >= previous) break;
    onIteration?.(iteration, Math.max(0, inertia));
    if (stop?.aborted) break;
    // The farthest rows are known by their distances to these very centers.
    if (assignment.weights.some((weight) => weight === 0)) assignment = await rows.assign(centers);
    const moved = moveCenters(rows, centers, assignment);
    const shifts = shiftsOf(centers, moved);
    centers = moved;
    isExact = false;
    if (shifts.reduce((sum, shift) => sum + shift ** 2, 0) <= threshold) break;
    previous = inertia;
    assignment = await rows.assignMoved(centers, shifts);
    await setImmediate();
  }
  if (!isExact) assignment = await rows.assign(centers);
  return { centers, inertia: assignment.inertia };
}

/** The weighted sum of squares of all rows, from their distances to the centers. */
function squaresOf({ sums, weights, inertia }: Assignment, { columns, values }: DenseRows): number {
  let total = inertia;
  for (let center = 0; center < weights.length; center++) {
    for (let place = center * columns; place < (center + 1) * columns; place++) {
      total += values[place] * (2 * sums[place] - weights[center] * values[place]);
    }
  }
  return total;
}

/** What of that the means of the clusters explain. */
function squaresOfMeans({ sums, weights }: Assignment, columns: number): number {
  let total = 0;
  for (let center = 0; center < weights.length; center++) {
    if (!(weights[center] > 0)) continue;
    for (let place = center * columns; place < (center + 1) * columns; place++) {
      total += sums[place] ** 2 / weights[center];
    }
  }
  return total;
}

/** How far each center has moved. */
function shiftsOf(before: DenseRows, after: DenseRows): Float64Array {
  const { rows, columns } = before;
  return Float64Array.from({ length: rows }, (_, center) => {
    let squared = 0;
    for (let place = center * columns; place < (center + 1) * columns; place++) {
      squared += (after.values[place] - before.values[place]) ** 2;
    }
    return Math.sqrt(squared);
  });
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
  const values = centers.values.slice();
  for (let center = 0; center < weights.length; center++) {
    if (!(weights[center] > 0)) continue;
    for (let place = center * columns; place < (center + 1) * columns; place++) {
      values[place] = sums[place] / weights[center];
    }
  }
  return { ...centers, values };
}

/** Centers that no row is nearest to move to the rows that are farthest from their own, which leave those. */
function fillEmptyClusters(rows: ClusterRows, sums: Float64Array, weights: Float64Array): void {
  const empty = weights.reduce((count, weight) => count + Number(!(weight > 0)), 0);
  if (empty === 0) return;
  const { columns, labels, values } = rows;
  const farthest = farthestRows(rows, empty);
  let next = 0;
  for (let center = 0; center < weights.length && next < farthest.length; center++) {
    if (weights[center] > 0) continue;
    const row = farthest[next++];
    const weight = rows.weights?.[row] ?? 1;
    const left = labels[row];
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] * weight;
      sums[left * columns + column] -= value;
      sums[center * columns + column] = value;
    }
    weights[left] -= weight;
    weights[center] = weight;
  }
}

/** The rows farthest from their centers, of equally far ones the first; without those that are at their center or count nothing. */
function farthestRows({ count, distances, weights }: ClusterRows, most: number): Uint32Array {
  const away = new Uint32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (distances[row] > 0 && (weights?.[row] ?? 1) > 0) away[found++] = row;
  const order = away.subarray(0, found);
  return order.sort((one, other) => distances[other] - distances[one] || one - other).subarray(0, most);
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
