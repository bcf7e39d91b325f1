import type { Objective } from "./objective.ts";
import { pointwise } from "./pointwise.ts";

/** The smallest normal float32: rows beyond the margin count as good as nothing. */
const NOTHING = 1.1754943508222875e-38;

/** `binary:hinge`: max(0, 1 − y · margin) with y = ±1; predicts 0 or 1. */
export function hinge(): Objective {
  const isWithin = (margin: number, label: number): boolean => margin * (label * 2 - 1) < 1;
  return pointwise({
    name: "binary:hinge",
    defaultMetric: "error",
    labels: "0 or 1",
    isLabel: (label) => label === 0 || label === 1,
    first: (margin, label) => (isWithin(margin, label) ? 1 - label * 2 : 0),
    second: (margin, label) => (isWithin(margin, label) ? 1 : NOTHING),
    toPrediction: (margin) => (margin > 0 ? 1 : 0),
  });
}
