import { createRandom } from "../random.ts";
import {
  createTurns,
  decomposeSymmetric,
  type EigenDecomposition,
  iterateQl,
  orient,
  type Tridiagonal,
  type Turn,
  tridiagonalize,
} from "./symmetric-eigen.ts";

/** Above this share of all vectors the whole decomposition is as soon done. */
const LARGEST_SHARE = 0.25;
/** Of a tridiagonal system for one vector; two are enough but for eigenvalues that lie very near each other. */
const ITERATIONS = 4;
/** Vectors of eigenvalues that differ by less than this share of the greatest are made orthogonal to each other. */
const CLUSTER = 1e-3;
/** How far a vector may be from one, as a share of the greatest eigenvalue, and two from a right angle. */
const ACCURACY = 1e-10;
const EPSILON = 2 ** -52;

/**
 * The `count` greatest eigenvalues of a symmetric matrix of `size` rows and their vectors: Householder's reduction, the eigenvalues of the tridiagonal
 * matrix alone by QL, then inverse iteration for each vector (Peters and Wilkinson 1979; LAPACK's dstein), some 4/3 · size³ operations instead of 8. What
 * it finds is checked; where it is not accurate (eigenvalues that lie too near each other) the whole decomposition is done.
 */
export async function leadingEigenvectors(
  matrix: Float64Array,
  { size, count, signal }: { readonly size: number; readonly count: number; readonly signal?: AbortSignal | undefined },
): Promise<EigenDecomposition> {
  if (count <= size * LARGEST_SHARE) {
    const found = await findLeading(matrix, size, count, createTurns(signal));
    if (found !== undefined) return found;
  }
  const { values, vectors } = await decomposeSymmetric(matrix, size, signal);
  return { values: values.slice(0, count), vectors: vectors.slice(0, count * size) };
}

async function findLeading(
  matrix: Float64Array,
  size: number,
  count: number,
  turn: Turn,
): Promise<EigenDecomposition | undefined> {
  const reduced = await tridiagonalize(matrix.slice(), size, turn);
  const all = reduced.diagonal.slice();
  await iterateQl(all, reduced.beside.slice(), new Float64Array(0), turn);
  const values = all.sort().reverse().slice(0, count);
  const norm = Math.max(Math.abs(all[0]), Math.abs(all[size - 1]));
  const vectors = new Float64Array(count * size);
  for (let index = 0; index < count; index++) {
    const vector = vectors.subarray(index * size, (index + 1) * size);
    const near = values.findIndex((value) => value - values[index] <= CLUSTER * norm);
    const before = vectors.subarray(near * size, index * size);
    if (!iterateInversely(reduced, { eigenvalue: values[index], norm, vector, before })) return undefined;
    await turn(size * (20 + 4 * ITERATIONS * (index - near)));
  }
  if (!areOrthogonal(vectors, size)) return undefined;
  for (let index = 0; index < count; index++) {
    const vector = vectors.subarray(index * size, (index + 1) * size);
    reflect(vector, reduced);
    vector.set(orient(vector));
    await turn(4 * size ** 2);
  }
  return { values, vectors };
}

interface Wanted {
  readonly eigenvalue: number;
  /** The greatest eigenvalue without its sign. */
  readonly norm: number;
  /** Is overwritten. */
  readonly vector: Float64Array;
  /** Vectors of near eigenvalues, to which it is to be orthogonal. */
  readonly before: Float64Array;
}

/** False where no accurate vector was found. */
function iterateInversely(reduced: Tridiagonal, { eigenvalue, norm, vector, before }: Wanted): boolean {
  const size = vector.length;
  const random = createRandom(1, before.length);
  for (let index = 0; index < size; index++) vector[index] = random.uniform() - 0.5;
  // An exact eigenvalue would make the system singular.
  const solve = factorize(reduced, eigenvalue, Math.max(norm * EPSILON, Number.MIN_VALUE));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    solve(vector);
    makeOrthogonal(vector, before);
    const length = lengthOf(vector);
    if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return false;
    for (let index = 0; index < size; index++) vector[index] /= length;
  }
  const { diagonal, beside } = reduced;
  let residual = 0;
  for (let index = 0; index < size; index++) {
    const above = index > 0 ? beside[index - 1] * vector[index - 1] : 0;
    const below = index + 1 < size ? beside[index] * vector[index + 1] : 0;
    residual += (above + (diagonal[index] - eigenvalue) * vector[index] + below) ** 2;
  }
  return Math.sqrt(residual) <= ACCURACY * norm;
}

function lengthOf(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

function makeOrthogonal(vector: Float64Array, others: Float64Array): void {
  const size = vector.length;
  for (let start = 0; start < others.length; start += size) {
    let overlap = 0;
    for (let index = 0; index < size; index++) overlap += vector[index] * others[start + index];
    for (let index = 0; index < size; index++) vector[index] -= overlap * others[start + index];
  }
}

/** LU of T − λ with partial pivoting; the result solves (T − λ) x = b in place. */
function factorize(
  { diagonal, beside }: Tridiagonal,
  eigenvalue: number,
  least: number,
): (vector: Float64Array) => void {
  const size = diagonal.length;
  const main = diagonal.map((value) => value - eigenvalue);
  const [above, second] = [beside.slice(), new Float64Array(size)];
  const [factors, isSwapped] = [new Float64Array(size), new Uint8Array(size)];
  const away = (pivot: number): number => (Math.abs(pivot) < least ? least : pivot);
  for (let row = 0; row + 1 < size; row++) {
    const below = beside[row];
    if (Math.abs(below) > Math.abs(main[row])) {
      isSwapped[row] = 1;
      factors[row] = main[row] / below;
      main[row] = below;
      const next = main[row + 1];
      main[row + 1] = above[row] - factors[row] * next;
      above[row] = next;
      second[row] = row + 2 < size ? above[row + 1] : 0;
      if (row + 2 < size) above[row + 1] = -factors[row] * second[row];
    } else {
      main[row] = away(main[row]);
      factors[row] = below / main[row];
      main[row + 1] -= factors[row] * above[row];
    }
  }
  main[size - 1] = away(main[size - 1]);
  return (vector) => {
    for (let row = 0; row + 1 < size; row++) {
      if (isSwapped[row] === 1) [vector[row], vector[row + 1]] = [vector[row + 1], vector[row]];
      vector[row + 1] -= factors[row] * vector[row];
    }
    for (let row = size - 1; row >= 0; row--) {
      let value = vector[row];
      if (row + 1 < size) value -= above[row] * vector[row + 1];
      if (row + 2 < size) value -= second[row] * vector[row + 2];
      vector[row] = value / main[row];
    }
  };
}

function areOrthogonal(vectors: Float64Array, size: number): boolean {
  for (let one = 0; one < vectors.length; one += size) {
    for (let other = 0; other < one; other += size) {
      let overlap = 0;
      for (let index = 0; index < size; index++) overlap += vectors[one + index] * vectors[other + index];
      if (Math.abs(overlap) > ACCURACY) return false;
    }
  }
  return true;
}

/** From the tridiagonal matrix's terms to those of the given one: the reflections, the last first. */
function reflect(vector: Float64Array, { reflections, scales }: Tridiagonal): void {
  const size = vector.length;
  for (let step = size - 2; step >= 0; step--) {
    if (scales[step] === 0) continue;
    let overlap = 0;
    for (let index = step + 1; index < size; index++) overlap += reflections[step * size + index] * vector[index];
    const factor = overlap * scales[step];
    for (let index = step + 1; index < size; index++) vector[index] -= factor * reflections[step * size + index];
  }
}
