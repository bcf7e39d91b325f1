import type { Objective } from "./objective.ts";
import { pointwise } from "./pointwise.ts";
import { meanExpectation } from "./poisson.ts";

/** `reg:tweedie`: the deviance between Poisson's (variance power 1) and gamma's (2): sums of a random number of claims, often 0. */
export function tweedie(variancePower: number): Objective {
  const [low, high] = [1 - variancePower, 2 - variancePower];
  return pointwise({
    name: "reg:tweedie",
    defaultMetric: `tweedie-nloglik@${variancePower}`,
    modelParameters: { tweedie_variance_power: String(variancePower) },
    labels: "not negative",
    isLabel: (label) => label >= 0 && Number.isFinite(label),
    first: (margin, label) => Math.exp(high * margin) - label * Math.exp(low * margin),
    second: (margin, label) => high * Math.exp(high * margin) - low * label * Math.exp(low * margin),
    toPrediction: Math.exp,
    toMargin: Math.log,
    baseScore: meanExpectation,
  });
}
