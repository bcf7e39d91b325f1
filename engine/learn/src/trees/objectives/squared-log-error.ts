import type { Objective } from "./objective.ts";
import { pointwise } from "./pointwise.ts";

/** The logarithm's argument stays positive. */
const LEAST_MARGIN = -1 + 1e-6;

/** `reg:squaredlogerror`: ½ (log(margin + 1) − log(label + 1))². */
export function squaredLogError(): Objective {
  return pointwise({
    name: "reg:squaredlogerror",
    defaultMetric: "rmsle",
    labels: "above -1",
    isLabel: (label) => label > -1 && Number.isFinite(label),
    first(margin, label) {
      const bounded = Math.max(margin, LEAST_MARGIN);
      return (Math.log1p(bounded) - Math.log1p(label)) / (bounded + 1);
    },
    second(margin, label) {
      const bounded = Math.max(margin, LEAST_MARGIN);
      return Math.max((1 + Math.log1p(label) - Math.log1p(bounded)) / (bounded + 1) ** 2, 1e-6);
    },
  });
}
