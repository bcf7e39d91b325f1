import { DataError } from "../algorithm.ts";
import { createRandom, type Random } from "../random.ts";
import { type DenseMatrix, sliceRows } from "../table/matrix.ts";
import type { Contributions } from "./linear-shap.ts";
import { factorSymmetric } from "./solve-symmetric.ts";

export interface KernelShapOptions {
  /** One number for each row. */
  readonly predict: (features: DenseMatrix) => ArrayLike<number>;
  /** Rows that stand for "not known": a sample or centres of the training data. Work grows with their number; 100 are plenty. */
  readonly background: DenseMatrix;
  readonly features: DenseMatrix;
  /** Coalitions to look at per row. Default 2 · columns + 2048; from 2^columns − 2 on the values are exact. */
  readonly samples?: number;
  readonly seed: number;
}

/** Which columns are known, and how much that coalition counts. */
interface Coalition {
  readonly known: Uint8Array;
  weight: number;
}

/** More need a library of big numbers for their coalitions, and hours. */
const MAX_COLUMNS = 1000;

/**
 * SHAP values of any model: the weighted regression over coalitions of Lundberg and Lee (NIPS 2017, theorem 2). Sizes of coalitions are enumerated from the outside in
 * as long as all of one size fit into the budget, the rest is drawn in pairs of complements (Covert and Lee, "Improving KernelSHAP", AISTATS 2021). The values of
 * a row and `expected` add up to its prediction. Columns are taken for independent of each other.
 */
export function kernelShap({ predict, background, features, seed, ...options }: KernelShapOptions): Contributions {
  const { rows, columns } = features;
  if (background.rows === 0 || background.columns !== columns) {
    throw new DataError(
      `The background has ${background.rows} rows of ${background.columns} columns; at least one row of ${columns} is needed.`,
    );
  }
  if (columns > MAX_COLUMNS)
    throw new DataError(`${columns} columns are more than the ${MAX_COLUMNS} that can be explained.`);
  const expected = meanOf(predict(background));
  const values = new Float64Array(rows * columns);
  if (columns === 0) return { rows, columns, values, expected };
  const coalitions = chooseCoalitions(columns, options.samples ?? 2 * columns + 2048, createRandom(seed));
  const regress = prepareRegression(coalitions, columns);
  for (let row = 0; row < rows; row += 1) {
    const one = sliceRows(features, row, row + 1) as DenseMatrix;
    const prediction = predict(one)[0] ?? 0;
    const outcomes = coalitions.map(({ known }) => meanOf(predict(mix(one, background, known))) - expected);
    values.set(regress(outcomes, prediction - expected), row * columns);
  }
  return { rows, columns, values, expected };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index] ?? 0;
  return sum / values.length;
}

/** The background with the known columns of the row that is explained. */
function mix({ values: row }: DenseMatrix, background: DenseMatrix, known: Uint8Array): DenseMatrix {
  const { columns } = background;
  const values = background.values.map((value, cell) =>
    known[cell % columns] === 1 ? (row[cell % columns] ?? 0) : value,
  );
  return { ...background, values };
}

/** What a coalition of that size counts, all of them together: (M − 1) / (s (M − s)), from the Shapley kernel times the number of coalitions. */
function weightOfSize(columns: number, size: number): number {
  return (columns - 1) / (size * (columns - size));
}

function chooseCoalitions(columns: number, budget: number, random: Random): Coalition[] {
  if (columns === 1) return [];
  const coalitions: Coalition[] = [];
  const sizes = Array.from({ length: Math.floor(columns / 2) }, (_, index) => index + 1);
  let size = sizes.shift();
  for (; size !== undefined; size = sizes.shift()) {
    const isHalf = 2 * size === columns;
    const count = binomial(columns, size) * (isHalf ? 1 : 2);
    if (coalitions.length + count > budget) break;
    // Both sizes together weigh twice; of the middle there is only one.
    const weight = (weightOfSize(columns, size) * (isHalf ? 1 : 2)) / count;
    for (const known of subsetsOf(columns, size)) {
      coalitions.push({ known, weight });
      if (!isHalf) coalitions.push({ known: complement(known), weight });
    }
  }
  if (size !== undefined) drawPairs(coalitions, { columns, sizes: [size, ...sizes], budget, random });
  return coalitions;
}

interface Drawing {
  readonly columns: number;
  /** Those that were not enumerated, up to half of the columns. */
  readonly sizes: readonly number[];
  readonly budget: number;
  readonly random: Random;
}

function drawPairs(coalitions: Coalition[], { columns, sizes, budget, random }: Drawing): void {
  const weights = sizes.map((size) => weightOfSize(columns, size) * (2 * size === columns ? 1 : 2));
  const left = weights.reduce((sum, weight) => sum + weight, 0);
  const pairs = Math.max(1, Math.floor((budget - coalitions.length) / 2));
  const drawn = new Map<string, Coalition>();
  for (let pair = 0; pair < pairs; pair += 1) {
    const known = drawSubset(columns, sizes[drawIndex(weights, left, random)] ?? 1, random);
    for (const member of [known, complement(known)]) {
      const key = member.join("");
      const coalition = drawn.get(key) ?? { known: member, weight: 0 };
      coalition.weight += left / (2 * pairs);
      drawn.set(key, coalition);
    }
  }
  // One by one: a call takes no more than some 100,000 arguments.
  for (const coalition of drawn.values()) coalitions.push(coalition);
}

function drawIndex(weights: readonly number[], total: number, random: Random): number {
  let rest = random.uniform() * total;
  const index = weights.findIndex((weight) => (rest -= weight) < 0);
  return index === -1 ? weights.length - 1 : index;
}

function drawSubset(columns: number, size: number, random: Random): Uint8Array {
  const known = new Uint8Array(columns);
  // Floyd's algorithm (Bentley, "Programming pearls: a sample of brilliance", 1987).
  for (let last = columns - size; last < columns; last += 1) {
    const chosen = random.below(last + 1);
    known[known[chosen] === 1 ? last : chosen] = 1;
  }
  return known;
}

function complement(known: Uint8Array): Uint8Array {
  return known.map((value) => 1 - value);
}

function* subsetsOf(columns: number, size: number): Generator<Uint8Array> {
  const chosen = Array.from({ length: size }, (_, index) => index);
  while (true) {
    const known = new Uint8Array(columns);
    for (const column of chosen) known[column] = 1;
    yield known;
    let place = size - 1;
    while (place >= 0 && chosen[place] === columns - size + place) place -= 1;
    if (place < 0) return;
    const next = (chosen[place] ?? 0) + 1;
    for (let index = place; index < size; index += 1) chosen[index] = next + index - place;
  }
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let factor = 1; factor <= k; factor += 1) result = (result * (n - k + factor)) / factor;
  return Math.round(result);
}

/** From what the coalitions say of a row, beside `expected`, to the columns' values. */
type Regression = (outcomes: readonly number[], total: number) => Float64Array;

/** Least squares under the condition that the values add up to `total`: the last column is what the others leave. The matrix is that of all rows. */
function prepareRegression(coalitions: readonly Coalition[], columns: number): Regression {
  const free = columns - 1;
  const matrix = new Float64Array(free * free);
  for (const { known, weight } of coalitions) {
    const last = known[free] ?? 0;
    for (let row = 0; row < free; row += 1) {
      const first = (known[row] ?? 0) - last;
      if (first === 0) continue;
      for (let column = 0; column <= row; column += 1) {
        const cell = row * free + column;
        matrix[cell] = (matrix[cell] ?? 0) + weight * first * ((known[column] ?? 0) - last);
      }
    }
  }
  const solve = factorSymmetric(matrix, free);
  return (outcomes, total) => {
    const right = new Float64Array(free);
    for (const [index, { known, weight }] of coalitions.entries()) {
      const last = known[free] ?? 0;
      const target = weight * ((outcomes[index] ?? 0) - last * total);
      for (let row = 0; row < free; row += 1) right[row] = (right[row] ?? 0) + ((known[row] ?? 0) - last) * target;
    }
    const values = new Float64Array(columns);
    values.set(solve(right));
    values[free] = total - values.subarray(0, free).reduce((sum, value) => sum + value, 0);
    return values;
  };
}
