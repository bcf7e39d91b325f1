import { setImmediate } from "node:timers/promises";
import { type Random, shuffledIndexes } from "../../random.ts";

/** Centroids per part: a code is a byte. */
export const CENTROIDS = 256;
/** As fastText 0.9.2: rows that centroids are learned from, at most; rounds of k-means; how far twins are set apart. */
const MAXIMUM_POINTS = 65_536;
const ROUNDS = 25;
const EPSILON = 1e-7;
/** Points assigned in one go: some 10 ms. */
const SLICE = 16_384;

/** Columns in parts of `width`, the last one narrower where they do not come out even, and 256 centroids for each part. */
export interface ProductQuantiser {
  readonly dim: number;
  readonly parts: number;
  readonly width: number;
  readonly lastWidth: number;
  /** All centroids of the first part, then those of the second. */
  readonly centroids: Float32Array;
}

/** How `dim` columns fall into parts. */
export function quantiserShape(dim: number, width: number): Omit<ProductQuantiser, "centroids"> {
  return { dim, parts: Math.ceil(dim / width), width, lastWidth: dim % width || width };
}

/** A centroid, as a view. */
export function centroidOf(
  { parts, width, lastWidth, centroids }: ProductQuantiser,
  part: number,
  code: number,
): Float32Array {
  const length = part === parts - 1 ? lastWidth : width;
  const start = part * CENTROIDS * width + code * length;
  return centroids.subarray(start, start + length);
}

interface QuantiserContext {
  readonly random: Random;
  readonly signal?: AbortSignal;
}

/**
 * Product quantisation (Jégou, Douze, Schmid 2011) as fastText 0.9.2 does it: k-means of each part over at most 65,536
 * rows. `values`: rows of `dim` floats, at least 256. Gives the way from codes to rows, and the code of each row's parts.
 */
export async function quantise(
  values: Float32Array,
  { dim, width }: { readonly dim: number; readonly width: number },
  context: QuantiserContext,
): Promise<{ readonly quantiser: ProductQuantiser; readonly codes: Uint8Array }> {
  const shape = quantiserShape(dim, width);
  const quantiser = { ...shape, centroids: new Float32Array(dim * CENTROIDS) };
  const rows = values.length / dim;
  const codes = new Uint8Array(rows * shape.parts);
  for (let part = 0; part < shape.parts; part++) {
    const length = part === shape.parts - 1 ? shape.lastWidth : width;
    const columns = { first: part * width, length, dim };
    const order = shuffledIndexes(rows, context.random);
    const centroids = centroidsOfPart(quantiser, part, length);
    await learnCentroids(selectColumns(values, order.subarray(0, MAXIMUM_POINTS), columns), centroids, length, context);
    for (let from = 0; from < rows; from += SLICE) {
      const to = Math.min(rows, from + SLICE);
      const points = selectColumns(values, order.subarray(from, to), columns);
      const nearest = new Uint8Array(to - from);
      assign(points, centroids, length, nearest);
      for (const [index, code] of nearest.entries()) codes[order[from + index] * shape.parts + part] = code;
      await breathe(context);
    }
  }
  return { quantiser, codes };
}

function centroidsOfPart({ centroids, width }: ProductQuantiser, part: number, length: number): Float32Array {
  const start = part * CENTROIDS * width;
  return centroids.subarray(start, start + CENTROIDS * length);
}

function selectColumns(
  values: Float32Array,
  rows: Uint32Array,
  { first, length, dim }: { readonly first: number; readonly length: number; readonly dim: number },
): Float32Array {
  const points = new Float32Array(rows.length * length);
  for (const [index, row] of rows.entries()) {
    for (let column = 0; column < length; column++)
      points[index * length + column] = values[row * dim + first + column];
  }
  return points;
}

async function learnCentroids(
  points: Float32Array,
  centroids: Float32Array,
  length: number,
  context: QuantiserContext,
): Promise<void> {
  centroids.set(points.subarray(0, centroids.length));
  const count = points.length / length;
  const codes = new Uint8Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    for (let from = 0; from < count; from += SLICE) {
      const to = Math.min(count, from + SLICE);
      assign(points.subarray(from * length, to * length), centroids, length, codes.subarray(from, to));
      await breathe(context);
    }
    moveCentroids(points, centroids, codes, context.random);
  }
}

async function breathe({ signal }: QuantiserContext): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/**
 * The nearest centroid of each point. Only those are looked at whose first column is nearer than the nearest so far: some
 * 30 of 256 in two columns.
 */
function assign(points: Float32Array, centroids: Float32Array, length: number, codes: Uint8Array): void {
  const order = Uint8Array.from({ length: CENTROIDS }, (_, code) => code).sort(
    (a, b) => centroids[a * length] - centroids[b * length],
  );
  const sorted = Float64Array.from({ length: CENTROIDS * length }, (_, at) => {
    return centroids[order[Math.floor(at / length)] * length + (at % length)];
  });
  const firsts = Float64Array.from(order, (code) => centroids[code * length]);
  for (let point = 0; point < codes.length; point++) {
    const first = points[point * length];
    let right = placeOf(firsts, first);
    let left = right - 1;
    let [best, nearest] = [Number.POSITIVE_INFINITY, 0];
    for (;;) {
      const toLeft = left < 0 ? Number.POSITIVE_INFINITY : first - firsts[left];
      const toRight = right === CENTROIDS ? Number.POSITIVE_INFINITY : firsts[right] - first;
      const gap = toLeft < toRight ? toLeft : toRight;
      if (gap * gap >= best) break;
      const next = toLeft < toRight ? left-- : right++;
      let distance = gap * gap;
      for (let column = 1; column < length; column++) {
        const difference = points[point * length + column] - sorted[next * length + column];
        distance += difference * difference;
      }
      if (distance < best) [best, nearest] = [distance, next];
    }
    codes[point] = order[nearest];
  }
}

/** How many of the ascending values are below. */
function placeOf(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Each centroid becomes the mean of its points; one without points is set beside one that has many. */
function moveCentroids(points: Float32Array, centroids: Float32Array, codes: Uint8Array, random: Random): void {
  const length = centroids.length / CENTROIDS;
  const sums = new Float64Array(centroids.length);
  const counts = new Int32Array(CENTROIDS);
  for (const [point, code] of codes.entries()) {
    counts[code]++;
    for (let column = 0; column < length; column++) sums[code * length + column] += points[point * length + column];
  }
  for (const [index, sum] of sums.entries()) {
    const count = counts[Math.floor(index / length)];
    centroids[index] = count === 0 ? 0 : sum / count;
  }
  for (const [empty, count] of counts.entries()) {
    if (count > 0) continue;
    let twin = 0;
    while (random.uniform() * (codes.length - CENTROIDS) >= counts[twin] - 1) twin = (twin + 1) % CENTROIDS;
    for (let column = 0; column < length; column++) {
      const value = centroids[twin * length + column];
      const shift = column % 2 === 0 ? -EPSILON : EPSILON;
      centroids[empty * length + column] = value + shift;
      centroids[twin * length + column] = value - shift;
    }
    counts[empty] = Math.floor(counts[twin] / 2);
    counts[twin] -= counts[empty];
  }
}
