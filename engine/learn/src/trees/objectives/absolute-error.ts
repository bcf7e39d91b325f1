import type { Objective } from "./objective.ts";
import { pointwise } from "./pointwise.ts";

/** `reg:absoluteerror`: |label − margin|. A leaf says the median of what is left to explain of its rows. */
export function absoluteError(): Objective {
  return pointwise({
    name: "reg:absoluteerror",
    defaultMetric: "mae",
    labels: "numbers",
    isLabel: Number.isFinite,
    first: (margin, label) => Math.sign(margin - label),
    second: () => 1,
    baseScore: ({ labels = new Float32Array(0), weights }) => median(labels, weights),
    leafValue: median,
  });
}

/** As XGBoost's `common::Quantile` and `WeightedQuantile` at ½: between the two middle values, or with weights the value at which half of the weight is reached. */
export function median(values: Float32Array, weights: Float32Array | undefined): number {
  if (values.length === 0) return 0;
  if (weights === undefined) {
    const sorted = values.toSorted();
    const middle = (sorted.length - 1) / 2;
    return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  }
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
  const half = weights.reduce((total, weight) => total + weight, 0) / 2;
  let reached = 0;
  for (const row of order) {
    reached += weights[row];
    if (reached >= half) return values[row];
  }
  return values[order[order.length - 1]];
}
