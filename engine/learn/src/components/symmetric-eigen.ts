import { setImmediate } from "node:timers/promises";

/** Eigenvalues, the greatest first, and eigenvectors of length 1 as rows in the same order. */
export interface EigenDecomposition {
  readonly values: Float64Array;
  /** [eigenvector][element] */
  readonly vectors: Float64Array;
}

/** Steps between two looks at the signal: at least every some million operations. */
const OPERATIONS_PER_TURN = 2 ** 26;
/** The implicit QL needs two or three rotations of each eigenvalue; so many mean numbers that are not finite. */
const MAXIMUM_ITERATIONS = 60;

/**
 * Of a symmetric matrix of `size` rows: Householder's reduction to a tridiagonal matrix, then the implicit QL algorithm (Bowdler, Martin,
 * Reinsch and Wilkinson 1968; Dubrulle 1970), some 8 · size³ operations. Of each vector the element that is greatest in magnitude
 * is positive, so that the signs are determined.
 */
export async function decomposeSymmetric(
  matrix: Float64Array,
  size: number,
  signal?: AbortSignal,
): Promise<EigenDecomposition> {
  const turn = createTurns(signal);
  const { diagonal, beside, reflections, scales } = await tridiagonalize(matrix.slice(), size, turn);
  const vectors = await multiplyReflections(reflections, scales, turn);
  await iterateQl(diagonal, beside, vectors, turn);
  const order = Array.from(diagonal.keys()).sort((left, right) => diagonal[right] - diagonal[left] || left - right);
  const sorted = new Float64Array(size * size);
  for (const [place, index] of order.entries()) {
    sorted.set(orient(vectors.subarray(index * size, (index + 1) * size)), place * size);
  }
  return { values: Float64Array.from(order, (index) => diagonal[index]), vectors: sorted };
}

/** The vector with the sign that makes its greatest element positive; of equally great ones the first counts. */
export function orient(vector: Float64Array): Float64Array {
  let greatest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(greatest)) greatest = value;
  return greatest < 0 ? vector.map((value) => -value) : vector;
}

/** Lets others have the event loop when enough has been done. */
export type Turn = (operations: number) => Promise<void> | undefined;

export function createTurns(signal: AbortSignal | undefined): Turn {
  let done = 0;
  return (operations) => {
    done += operations;
    if (done < OPERATIONS_PER_TURN) return undefined;
    done = 0;
    return setImmediate().then(() => signal?.throwIfAborted());
  };
}

/** A symmetric matrix reduced to three diagonals, and the reflections that reduced it. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Element i lies between the diagonal's elements i and i + 1. */
  readonly beside: Float64Array;
  /** In row i behind element i the vector u of the reflection 1 − scale · u uᵀ; a scale of 0 stands for none. */
  readonly reflections: Float64Array;
  readonly scales: Float64Array;
}

/** Householder's reduction of a matrix that is overwritten. */
export async function tridiagonalize(a: Float64Array, size: number, turn: Turn): Promise<Tridiagonal> {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const scales = new Float64Array(size);
  const product = new Float64Array(size);
  for (let step = 0; step < size; step++) {
    diagonal[step] = a[step * size + step];
    // The reflection's vector replaces the row, which is not needed any more.
    const vector = a.subarray(step * size, (step + 1) * size);
    const first = step + 1;
    let squares = 0;
    for (let index = first; index < size; index++) squares += vector[index] ** 2;
    if (squares === 0) continue;
    const length = vector[first] > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    beside[step] = length;
    scales[step] = 1 / (squares - length * vector[first]);
    vector[first] -= length;
    for (let row = first; row < size; row++) {
      let sum = 0;
      for (let column = first; column < size; column++) sum += a[row * size + column] * vector[column];
      product[row] = sum * scales[step];
    }
    let overlap = 0;
    for (let index = first; index < size; index++) overlap += product[index] * vector[index];
    const half = (overlap * scales[step]) / 2;
    for (let index = first; index < size; index++) product[index] -= half * vector[index];
    for (let row = first; row < size; row++) {
      const [left, right] = [vector[row], product[row]];
      for (let column = first; column < size; column++) {
        a[row * size + column] -= left * product[column] + right * vector[column];
      }
    }
    await turn(6 * (size - step) ** 2);
  }
  return { diagonal, beside, reflections: a, scales };
}

/** The rows are the columns of the product of the reflections. */
async function multiplyReflections(a: Float64Array, scales: Float64Array, turn: Turn): Promise<Float64Array> {
  const size = scales.length;
  const result = new Float64Array(size * size);
  for (let index = 0; index < size; index++) result[index * size + index] = 1;
  const overlaps = new Float64Array(size);
  for (let step = size - 2; step >= 0; step--) {
    if (scales[step] === 0) continue;
    const vector = a.subarray(step * size, (step + 1) * size);
    overlaps.fill(0);
    for (let row = step + 1; row < size; row++) {
      for (let column = step + 1; column < size; column++)
        overlaps[column] += vector[row] * result[row * size + column];
    }
    for (let row = step + 1; row < size; row++) {
      const scale = vector[row] * scales[step];
      for (let column = step + 1; column < size; column++) result[row * size + column] -= scale * overlaps[column];
    }
    await turn(4 * (size - step) ** 2);
  }
  return transpose(result, size);
}

function transpose(matrix: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) result[column * size + row] = matrix[row * size + column];
  }
  return result;
}

/** Makes the diagonal the eigenvalues, in no order, and turns the vectors with them; none where there are none. */
export async function iterateQl(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  turn: Turn,
): Promise<void> {
  const size = diagonal.length;
  for (let first = 0; first < size; first++) {
    for (let iteration = 0; ; iteration++) {
      let last = first;
      while (last < size - 1 && !isNegligible(beside[last], diagonal[last], diagonal[last + 1])) last++;
      if (last === first) break;
      if (iteration === MAXIMUM_ITERATIONS) throw new RangeError("The matrix has numbers that are not finite.");
      sweep(diagonal, beside, vectors, [first, last]);
      await turn(6 * (last - first) * size);
    }
  }
}

function isNegligible(beside: number, left: number, right: number): boolean {
  const scale = Math.abs(left) + Math.abs(right);
  return Math.abs(beside) + scale === scale;
}

/** One implicit QL step with Wilkinson's shift on the block from `first` to `last`. */
function sweep(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  [first, last]: readonly [number, number],
): void {
  const width = vectors.length / diagonal.length;
  const ratio = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
  const root = Math.sqrt(ratio * ratio + 1);
  let bulge = diagonal[last] - diagonal[first] + beside[first] / (ratio + (ratio < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let index = last - 1; index >= first; index--) {
    const far = sine * beside[index];
    const near = cosine * beside[index];
    const radius = Math.sqrt(far * far + bulge * bulge);
    beside[index + 1] = radius;
    if (radius === 0) {
      diagonal[index + 1] -= shift;
      beside[last] = 0;
      return;
    }
    sine = far / radius;
    cosine = bulge / radius;
    const moved = diagonal[index + 1] - shift;
    const mixed = (diagonal[index] - moved) * sine + 2 * cosine * near;
    shift = sine * mixed;
    diagonal[index + 1] = moved + shift;
    bulge = cosine * mixed - near;
    for (let left = index * width, right = left + width, end = right; left < end; left++, right++) {
      const [lower, upper] = [vectors[left], vectors[right]];
      vectors[right] = sine * lower + cosine * upper;
      vectors[left] = cosine * lower - sine * upper;
    }
  }
  diagonal[first] -= shift;
  beside[first] = bulge;
  beside[last] = 0;
}
