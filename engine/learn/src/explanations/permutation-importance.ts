import { createRandom, shuffledIndexes } from "../random.ts";
import type { DenseMatrix } from "../table/matrix.ts";

export interface PermutationOptions {
  readonly features: DenseMatrix;
  /** How good predictions for such features are; higher is better. On rows that were not trained on, or it explains the overfitting. */
  readonly score: (features: DenseMatrix) => number;
  /** Default 5. */
  readonly repeats?: number;
  readonly seed: number;
}

export interface PermutationImportance {
  readonly column: number;
  /** By how much the score falls when the column says nothing; the mean over the repeats. About 0, also below it, for a column without influence. */
  readonly importance: number;
  /** Of the repeats. */
  readonly standardDeviation: number;
}

/**
 * How much a model relies on each column: Breiman, "Random forests" (2001), section 10, on held-out rows as Fisher, Rudin and Dominici ("All models are wrong, but
 * many are useful", 2019) have it. Columns that say the same hide each other.
 */
export function permutationImportance({
  features,
  score,
  repeats = 5,
  seed,
}: PermutationOptions): PermutationImportance[] {
  const { rows, columns } = features;
  const base = score(features);
  const values = features.values.slice();
  return Array.from({ length: columns }, (_, column) => {
    const falls = Array.from({ length: repeats }, (_unused, repeat) => {
      const order = shuffledIndexes(rows, createRandom(seed, column * repeats + repeat));
      for (const [row, other] of order.entries()) {
        values[row * columns + column] = features.values[other * columns + column] ?? 0;
      }
      return base - score({ ...features, values });
    });
    for (let cell = column; cell < values.length; cell += columns) values[cell] = features.values[cell] ?? 0;
    const importance = falls.reduce((sum, fall) => sum + fall, 0) / repeats;
    const squares = falls.reduce((sum, fall) => sum + (fall - importance) ** 2, 0);
    return { column, importance, standardDeviation: Math.sqrt(squares / Math.max(1, repeats - 1)) };
  });
}
