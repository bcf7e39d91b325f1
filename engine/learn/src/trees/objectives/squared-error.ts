import type { Objective } from "./objective.ts";
import { meanLabel, pointwise } from "./pointwise.ts";

/** `reg:squarederror`: ½ (label − margin)². */
export function squaredError(positiveWeight = 1): Objective {
  return pointwise({
    name: "reg:squarederror",
    defaultMetric: "rmse",
    modelParameters: { scale_pos_weight: String(positiveWeight) },
    labels: "numbers",
    isLabel: Number.isFinite,
    first: (margin, label) => margin - label,
    second: () => 1,
    baseScore: meanLabel,
    kernel: "squared-error",
    positiveWeight,
  });
}
