import { normalTail } from "@rondo/statistics";

/** The noise of an accelerated failure time model, of log time ÷ scale. */
export interface NoiseDistribution {
  density(z: number): number;
  cumulative(z: number): number;
  densitySlope(z: number): number;
  densityCurvature(z: number): number;
  /**
   * What the derivatives of the loss become where the densities underflow, by what is known of the row and by the sign of z; `scale` is the model's.
   * Table 2 of Barnwal, Cho & Hocking (2022).
   */
  readonly limits: DistributionLimits;
}

/** How a row's time is known: exactly, from below, from above, or between two bounds. */
export type Censoring = "none" | "right" | "left" | "interval";

export interface DistributionLimits {
  gradient(censoring: Censoring, isPositive: boolean, scale: number): number;
  hessian(censoring: Censoring, isPositive: boolean, scale: number): number;
}

/** The derivatives are kept between these, as in XGBoost. */
export const DERIVATIVE_LIMITS = { gradient: 15, leastHessian: 1e-16, hessian: 15 } as const;

/** Towards `above` for z → ∞ and `below` for z → −∞; a bound on one side only says nothing of the other. */
function towards(above: number, below: number) {
  return (censoring: Censoring, isPositive: boolean): number => {
    if (isPositive) return censoring === "left" ? 0 : above;
    return censoring === "right" ? 0 : below;
  };
}

const { gradient: STEEPEST, leastHessian: FLAT, hessian: SHARPEST } = DERIVATIVE_LIMITS;

const normal: NoiseDistribution = {
  density: (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI),
  cumulative: (z) => normalTail(-z),
  densitySlope: (z) => -z * normal.density(z),
  densityCurvature: (z) => (z * z - 1) * normal.density(z),
  limits: {
    gradient: towards(-STEEPEST, STEEPEST),
    hessian: (censoring, isPositive, scale) => towards(1 / scale ** 2, 1 / scale ** 2)(censoring, isPositive) || FLAT,
  },
};

const logistic: NoiseDistribution = {
  density(z) {
    const w = Math.exp(-Math.abs(z));
    return w / (1 + w) ** 2;
  },
  cumulative: (z) => 1 / (1 + Math.exp(-z)),
  densitySlope(z) {
    return logistic.density(z) * (1 - 2 * logistic.cumulative(z));
  },
  densityCurvature(z) {
    const density = logistic.density(z);
    return density * (1 - 6 * density);
  },
  limits: {
    gradient: (censoring, isPositive, scale) => towards(-1 / scale, 1 / scale)(censoring, isPositive),
    hessian: () => FLAT,
  },
};

/** Gumbel's, of minima. */
const extreme: NoiseDistribution = {
  density(z) {
    const w = Math.exp(z);
    return Number.isFinite(w) ? w * Math.exp(-w) : 0;
  },
  cumulative: (z) => -Math.expm1(-Math.exp(z)),
  densitySlope(z) {
    const w = Math.exp(z);
    return Number.isFinite(w) ? (1 - w) * extreme.density(z) : 0;
  },
  densityCurvature(z) {
    const w = Math.exp(z);
    return Number.isFinite(w * w) ? (w * w - 3 * w + 1) * extreme.density(z) : 0;
  },
  limits: {
    gradient: (censoring, isPositive, scale) => towards(-STEEPEST, 1 / scale)(censoring, isPositive),
    hessian: (censoring, isPositive) => (isPositive && censoring !== "left" ? SHARPEST : FLAT),
  },
};

/** By XGBoost's names (aft_loss_distribution). */
export const failureDistributions = { normal, logistic, extreme } as const;

export type FailureDistribution = keyof typeof failureDistributions;
