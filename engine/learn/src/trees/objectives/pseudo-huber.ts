import type { Objective } from "./objective.ts";
import { pointwise } from "./pointwise.ts";

/** `reg:pseudohubererror`: slope² (√(1 + ((margin − label) ÷ slope)²) − 1): squared near 0, absolute far from it. */
export function pseudoHuber(slope: number): Objective {
  const root = (residual: number): number => Math.sqrt(1 + (residual / slope) ** 2);
  return pointwise({
    name: "reg:pseudohubererror",
    defaultMetric: "mphe",
    modelParameters: { huber_slope: String(slope) },
    labels: "numbers",
    isLabel: Number.isFinite,
    first: (margin, label) => (margin - label) / root(margin - label),
    second: (margin, label) => 1 / root(margin - label) ** 3,
  });
}
