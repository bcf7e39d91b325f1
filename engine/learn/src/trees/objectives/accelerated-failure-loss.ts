import {
  type Censoring,
  DERIVATIVE_LIMITS,
  type FailureDistribution,
  failureDistributions,
} from "./failure-distributions.ts";

/** The loss of one row whose time lies between `lower` and `upper`, when its logarithm is predicted as `margin`. */
export interface AcceleratedFailureLoss {
  value(lower: number, upper: number, margin: number): number;
  /** The first and second derivative with respect to the margin, written to `out`. */
  derivatives(bounds: TimeBounds, margin: number, out: Derivatives): void;
}

export interface TimeBounds {
  /** 0 or less = nothing is known from below. */
  readonly lower: number;
  /** Infinite = nothing is known from above; equal to `lower` = the time is known. */
  readonly upper: number;
}

export interface Derivatives {
  first: number;
  second: number;
}

/** Below it a denominator counts as none. */
const LEAST = 1e-12;

/**
 * The negative log-likelihood of an accelerated failure time model with censored times: Barnwal, Cho & Hocking, "Survival Regression with Accelerated Failure Time Model in
 * XGBoost" (2022), section 2.
 */
export function acceleratedFailureLoss(name: FailureDistribution, scale: number): AcceleratedFailureLoss {
  const noise = failureDistributions[name];
  const standardise = (time: number, margin: number): number => (Math.log(time) - margin) / scale;
  return {
    value(lower, upper, margin) {
      if (lower === upper)
        return -Math.log(Math.max(noise.density(standardise(lower, margin)) / (scale * lower), LEAST));
      const above = upper === Number.POSITIVE_INFINITY ? 1 : noise.cumulative(standardise(upper, margin));
      const below = lower <= 0 ? 0 : noise.cumulative(standardise(lower, margin));
      return -Math.log(Math.max(above - below, LEAST));
    },
    derivatives({ lower, upper }, margin, out) {
      const censoring = censoringOf(lower, upper);
      const zUpper = censoring === "right" ? 0 : standardise(upper, margin);
      const zLower = censoring === "left" ? 0 : standardise(lower, margin);
      if (censoring === "none") {
        const density = noise.density(zLower);
        const slope = noise.densitySlope(zLower);
        const curvature = noise.densityCurvature(zLower);
        out.first = slope / (scale * density);
        out.second = -(density * curvature - slope * slope) / (scale * density) ** 2;
        replaceUndefined(out, { first: scale * density, second: (scale * density) ** 2 });
      } else {
        const mass =
          (censoring === "right" ? 1 : noise.cumulative(zUpper)) -
          (censoring === "left" ? 0 : noise.cumulative(zLower));
        const density =
          (censoring === "right" ? 0 : noise.density(zUpper)) - (censoring === "left" ? 0 : noise.density(zLower));
        const slope =
          (censoring === "right" ? 0 : noise.densitySlope(zUpper)) -
          (censoring === "left" ? 0 : noise.densitySlope(zLower));
        out.first = density / (scale * mass);
        out.second = -(mass * slope - density * density) / (scale * mass) ** 2;
        replaceUndefined(out, { first: scale * mass, second: (scale * mass) ** 2 });
      }
      const isPositive = zUpper > 0 || zLower > 0;
      if (Number.isNaN(out.first)) out.first = noise.limits.gradient(censoring, isPositive, scale);
      if (Number.isNaN(out.second)) out.second = noise.limits.hessian(censoring, isPositive, scale);
      const { gradient, leastHessian, hessian } = DERIVATIVE_LIMITS;
      out.first = Math.min(gradient, Math.max(-gradient, out.first));
      out.second = Math.min(hessian, Math.max(leastHessian, out.second));
    },
  };
}

function censoringOf(lower: number, upper: number): Censoring {
  if (lower === upper) return "none";
  if (lower <= 0) return "left";
  return upper === Number.POSITIVE_INFINITY ? "right" : "interval";
}

/** NaN for what was divided by nothing: there the limit holds. */
function replaceUndefined(out: Derivatives, denominators: Derivatives): void {
  if (denominators.first < LEAST && !Number.isFinite(out.first)) out.first = Number.NaN;
  if (denominators.second < LEAST && !Number.isFinite(out.second)) out.second = Number.NaN;
}
