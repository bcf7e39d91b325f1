import type { Matrix } from "../table/matrix.ts";

/** `(value − shift) / scale` of each column. Shifts are 0 for sparse rows, which would fill up otherwise. */
export interface Standardization {
  readonly shifts: Float64Array;
  readonly scales: Float64Array;
}

export interface StandardizationOptions {
  /** Divide by the standard deviation. */
  readonly normalize: boolean;
  /** Subtract the mean; dense rows only. */
  readonly unbias: boolean;
  /** Numbers of the rows that means and deviations are estimated from. */
  readonly sample: Uint32Array;
}

/**
 * Means and population deviations of the sampled rows. A column that is constant there keeps its scale, and so does one
 * of only 0 and 1: a rare category divided by its small deviation would be all but free of regularisation, which cost
 * Adult 0.0015 of log-loss and German credit 0.022 in cross-validation.
 */
export function estimateStandardization(
  features: Matrix,
  { normalize, unbias, sample }: StandardizationOptions,
): Standardization {
  const { columns } = features;
  const shifts = new Float64Array(columns);
  const scales = new Float64Array(columns).fill(1);
  if (!normalize && !unbias) return { shifts, scales };
  const means = new Float64Array(columns);
  visit(features, sample, (column, value) => {
    means[column] += value / sample.length;
  });
  const squares = new Float64Array(columns);
  const isIndicator = new Uint8Array(columns).fill(1);
  const written = new Float64Array(columns);
  visit(features, sample, (column, value) => {
    squares[column] += (value - means[column]) ** 2;
    written[column] += 1;
    if (value !== 0 && value !== 1) isIndicator[column] = 0;
  });
  for (let column = 0; column < columns; column += 1) {
    const zeros = (sample.length - written[column]) * means[column] ** 2;
    const deviation = Math.sqrt((squares[column] + zeros) / sample.length);
    // What rounding leaves of a constant is no deviation.
    const isConstant = deviation <= 1e-7 * Math.abs(means[column]);
    if (normalize && !isConstant && isIndicator[column] === 0) scales[column] = deviation;
    if (unbias && features.kind === "dense") shifts[column] = means[column];
  }
  return { shifts, scales };
}

function visit(features: Matrix, sample: Uint32Array, see: (column: number, value: number) => void): void {
  const { values, columns } = features;
  for (const row of sample) {
    if (features.kind === "dense") {
      for (let column = 0; column < columns; column += 1) see(column, values[row * columns + column]);
    } else {
      const { rowStarts, columnIndexes } = features;
      for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry += 1) see(columnIndexes[entry], values[entry]);
    }
  }
}

/** Mean and population deviation of labels; a constant has the deviation 1. */
export function labelMoments(labels: Float32Array): { readonly mean: number; readonly deviation: number } {
  let mean = 0;
  for (const label of labels) mean += label / labels.length;
  let variance = 0;
  for (const label of labels) variance += (label - mean) ** 2 / labels.length;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > 1e-7 * Math.abs(mean) ? deviation : 1 };
}
