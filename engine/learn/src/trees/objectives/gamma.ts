import type { Objective } from "./objective.ts";
import { pointwise } from "./pointwise.ts";
import { meanExpectation } from "./poisson.ts";

/** `reg:gamma`: the deviance of positive numbers with expectation exp(margin). */
export function gamma(): Objective {
  return pointwise({
    name: "reg:gamma",
    defaultMetric: "gamma-nloglik",
    modelParameters: { scale_pos_weight: "1" },
    labels: "above 0",
    isLabel: (label) => label > 0 && Number.isFinite(label),
    first: (margin, label) => 1 - label / Math.exp(margin),
    second: (margin, label) => label / Math.exp(margin),
    toPrediction: Math.exp,
    toMargin: Math.log,
    baseScore: meanExpectation,
  });
}
