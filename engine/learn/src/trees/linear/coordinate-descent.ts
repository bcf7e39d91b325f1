import { setImmediate } from "node:timers/promises";
import type { Gradients } from "../objectives/objective.ts";
import type { ColumnEntries } from "./column-entries.ts";

export interface CoordinateDescent {
  readonly entries: ColumnEntries;
  readonly columns: number;
  readonly outputs: number;
  readonly rows: number;
  readonly learningRate: number;
  /** Multiplied by the rows' total weight, as XGBoost denormalises them. */
  readonly lambda: number;
  readonly alpha: number;
}

/** A column whose second derivatives sum up to less is left alone. */
const LEAST = 1e-5;
/** As many entries take some ten milliseconds; then others may have the event loop. */
const SLICE = 1 << 22;

/**
 * One round of `gblinear` as XGBoost's updater `coord_descent` has it, columns in their order (Friedman, Hastie & Tibshirani 2010, "Regularization Paths for Generalized Linear Models via
 * Coordinate Descent"): a Newton step of the bias and of each weight, after each of which the first derivatives follow. `weights` are those of the model, the bias last; the derivatives lie by output.
 */
export async function descendCoordinates(
  weights: Float32Array,
  { first, second }: Gradients,
  descent: CoordinateDescent,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { entries, columns, outputs, rows, learningRate } = descent;
  let work = 0;
  for (let output = 0; output < outputs; output += 1) {
    const offset = output * rows;
    weights[columns * outputs + output] += stepBias(
      first.subarray(offset, offset + rows),
      second.subarray(offset, offset + rows),
      learningRate,
    );
    for (let column = 0; column < columns; column += 1) {
      const [start, end] = [entries.starts[column], entries.starts[column + 1]];
      let [gradient, hessian] = [0, 0];
      for (let entry = start; entry < end; entry += 1) {
        const value = entries.values[entry];
        const row = offset + entries.rows[entry];
        gradient += first[row] * value;
        hessian += second[row] * value * value;
      }
      const place = column * outputs + output;
      const step = Math.fround(learningRate * weightStep(gradient, hessian, weights[place], descent));
      weights[place] += step;
      for (let entry = start; step !== 0 && entry < end; entry += 1) {
        const row = offset + entries.rows[entry];
        first[row] += second[row] * entries.values[entry] * step;
      }
      work += end - start + 1;
      if (work < SLICE) continue;
      work = 0;
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
}

function stepBias(first: Float32Array, second: Float32Array, learningRate: number): number {
  let [gradient, hessian] = [0, 0];
  for (let row = 0; row < first.length; row += 1) {
    gradient += first[row];
    hessian += second[row];
  }
  const step = hessian > 0 ? Math.fround((-learningRate * gradient) / hessian) : 0;
  for (let row = 0; row < first.length; row += 1) first[row] += second[row] * step;
  return step;
}

/** To the minimum along one weight; the L1 penalty stops it at 0. */
function weightStep(gradient: number, hessian: number, weight: number, { lambda, alpha }: CoordinateDescent): number {
  if (hessian < LEAST) return 0;
  const slope = gradient + lambda * weight;
  const curvature = hessian + lambda;
  const isPositive = weight - slope / curvature >= 0;
  return isPositive ? Math.max(-(slope + alpha) / curvature, -weight) : Math.min(-(slope - alpha) / curvature, -weight);
}
