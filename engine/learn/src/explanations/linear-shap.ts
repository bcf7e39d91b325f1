import type { DenseMatrix } from "../table/matrix.ts";

export interface LinearFunction {
  /** One for each column. */
  readonly weights: ArrayLike<number>;
  readonly bias: number;
}

/** What each column adds to a prediction, beside what is predicted on average. */
export interface Contributions {
  readonly rows: number;
  readonly columns: number;
  /** Row after row; the row's sum and `expected` together are its prediction. */
  readonly values: Float64Array;
  /** The mean prediction over the background. */
  readonly expected: number;
}

/**
 * SHAP values of a linear model whose columns are taken for independent: φⱼ = wⱼ (xⱼ − E[xⱼ]) (Lundberg and Lee, "A unified approach to interpreting model
 * predictions", NIPS 2017, corollary 1). `means` are the columns' means over the background.
 */
export function linearShap(
  { weights, bias }: LinearFunction,
  means: ArrayLike<number>,
  features: DenseMatrix,
): Contributions {
  const { rows, columns } = features;
  const values = new Float64Array(rows * columns);
  let expected = bias;
  for (let column = 0; column < columns; column += 1) {
    const [weight, mean] = [weights[column] ?? 0, means[column] ?? 0];
    expected += weight * mean;
    for (let row = 0; row < rows; row += 1) {
      const cell = row * columns + column;
      values[cell] = weight * ((features.values[cell] ?? 0) - mean);
    }
  }
  return { rows, columns, values, expected };
}
