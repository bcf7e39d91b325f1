import type { Table } from "../../table/table.ts";
import type { Objective } from "./objective.ts";
import { meanLabel, pointwise } from "./pointwise.ts";

/** `count:poisson`: the negative log-likelihood of counts with expectation exp(margin). */
export function poisson(maxDeltaStep: number): Objective {
  return pointwise({
    name: "count:poisson",
    defaultMetric: "poisson-nloglik",
    modelParameters: { max_delta_step: String(maxDeltaStep) },
    defaultMaxDeltaStep: maxDeltaStep,
    labels: "not negative",
    isLabel: (label) => label >= 0 && Number.isFinite(label),
    first: (margin, label) => Math.exp(margin) - label,
    // As XGBoost: a step that is safe while the expectation grows.
    second: (margin) => Math.exp(margin + maxDeltaStep),
    toPrediction: Math.exp,
    toMargin: Math.log,
    baseScore: meanExpectation,
  });
}

/** The mean label, above 0 even where every label is 0: its logarithm is the first margin. */
export function meanExpectation(table: Table): number {
  return Math.max(meanLabel(table), 1e-16);
}
