import { setImmediate } from "node:timers/promises";
import { type DenseRows, PANEL } from "@rondo/kernels";
import { type Random, sampleIndexes } from "../random.ts";
import { type ClusterRows, clusterRowsOf } from "./cluster-rows.ts";

export const initializations = ["random", "k-means++", "k-means||"] as const;
export type Initialization = (typeof initializations)[number];

/** Rounds of k-means||, and how many candidates each draws per center (Bahmani et al. 2012, section 5: r = 5, l = 2k). */
const ROUNDS = 5;
const OVERSAMPLING = 2;

/** As many centers as wanted, or as there are rows. `rows` must have been created with `candidates`. */
export async function seedCenters(
  initialization: Initialization,
  rows: ClusterRows,
  wanted: number,
  random: Random,
): Promise<DenseRows> {
  const k = Math.min(wanted, rows.count);
  switch (initialization) {
    case "random":
      return takeRows(rows, sampleIndexes(rows.count, k, random));
    case "k-means++":
      return seedPlusPlus(rows, k, random);
    case "k-means||":
      return seedParallel(rows, k, random);
  }
}

/** k-means++ (Arthur and Vassilvitskii 2007), greedy: of 2 + ⌊ln k⌋ candidates, at most 8, the one that leaves the least. */
async function seedPlusPlus(rows: ClusterRows, k: number, random: Random): Promise<DenseRows> {
  const { columns } = rows;
  const trials = Math.min(PANEL, 2 + Math.floor(Math.log(k)));
  const centers = takeRows(rows, Uint32Array.of(drawFirst(rows, random)), k);
  await rows.assign({ rows: 1, columns, values: centers.values.subarray(0, columns) });
  let left = weightedDistances(rows);
  for (let center = 1; center < k; center++) {
    const drawn = Uint32Array.from({ length: trials }, () => drawRow(rows, left, random));
    const potentials = await rows.measureCandidates(takeRows(rows, drawn));
    const totals = Array.from(drawn, (_, candidate) => total(column(potentials, candidate)));
    const best = totals.indexOf(Math.min(...totals));
    centers.values.set(rows.values.subarray(drawn[best] * columns, (drawn[best] + 1) * columns), center * columns);
    rows.keepCandidate(best);
    left = column(potentials, best);
    if (center % PANEL === 0) await setImmediate();
  }
  return centers;
}

/**
 * k-means|| (Bahmani et al. 2012, algorithm 2): a few rounds that each draw about 2k rows by their distance, then k-means++ over
 * these, weighted by how many rows are nearest to each.
 */
async function seedParallel(rows: ClusterRows, k: number, random: Random): Promise<DenseRows> {
  const { columns } = rows;
  const chosen = [drawFirst(rows, random)];
  await rows.assign(takeRows(rows, Uint32Array.from(chosen)));
  for (let round = 0; round < ROUNDS; round++) {
    const cost = total(weightedDistances(rows));
    if (cost === 0) break;
    const known = chosen.length;
    for (let row = 0; row < rows.count; row++) {
      const share = (OVERSAMPLING * k * rows.distances[row] * (rows.weights?.[row] ?? 1)) / cost;
      if (random.uniform() < share) chosen.push(row);
    }
    for (let first = known; first < chosen.length; first += k) {
      const further = Uint32Array.from(chosen.slice(first, first + k));
      await rows.assignFurther(takeRows(rows, further), first);
    }
  }
  const weights = new Float32Array(chosen.length);
  for (let row = 0; row < rows.count; row++) weights[rows.labels[row]] += rows.weights?.[row] ?? 1;
  const { values } = takeRows(rows, Uint32Array.from(chosen));
  const matrix = { kind: "dense", rows: chosen.length, columns, values } as const;
  using candidates = clusterRowsOf(matrix, { centers: k, candidates: true, weights }, { threads: 1 });
  return await seedPlusPlus(candidates, Math.min(k, chosen.length), random);
}

/** Of each part, the weighted distances of its rows. */
function weightedDistances(rows: ClusterRows): Float64Array {
  const parts = new Float64Array(rows.parts);
  for (let part = 0; part < rows.parts; part++) {
    for (let row = rows.partStart(part); row < rows.partStart(part + 1); row++) {
      parts[part] += rows.distances[row] * (rows.weights?.[row] ?? 1);
    }
  }
  return parts;
}

/** A row with a probability in proportion to its weight. */
function drawFirst({ count, weights }: ClusterRows, random: Random): number {
  if (weights === undefined) return random.below(count);
  let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const row = weights.findIndex((weight) => (rest -= weight) < 0);
  return row < 0 ? weights.findLastIndex((weight) => weight > 0) : row;
}

/** A row with a probability in proportion to its weighted distance; `left` has the sums of the parts. */
function drawRow(rows: ClusterRows, left: Float64Array, random: Random): number {
  let rest = random.uniform() * total(left);
  if (rest === 0) return random.below(rows.count);
  let part = 0;
  while (part < rows.parts - 1 && rest >= left[part]) rest -= left[part++];
  const end = rows.partStart(part + 1);
  for (let row = rows.partStart(part); row < end; row++) {
    rest -= rows.distances[row] * (rows.weights?.[row] ?? 1);
    if (rest < 0) return row;
  }
  // Rounding has left something over.
  return end - 1;
}

function column(potentials: Float64Array, candidate: number): Float64Array {
  return Float64Array.from({ length: potentials.length / PANEL }, (_, part) => potentials[part * PANEL + candidate]);
}

function total(parts: Float64Array): number {
  return parts.reduce((sum, part) => sum + part, 0);
}

/** Copies of some rows, with place for further ones. */
function takeRows({ columns, values }: ClusterRows, indexes: Uint32Array, places = indexes.length): DenseRows {
  const taken = new Float32Array(places * columns);
  for (const [place, row] of indexes.entries()) {
    taken.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
  }
  return { rows: places, columns, values: taken };
}
