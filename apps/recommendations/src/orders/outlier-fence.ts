import type { DatabaseConnection } from "../database/database.ts";

/** Above which a quantity and a price are held back for a person to look at. */
export interface OutlierFences {
  readonly quantity: number;
  readonly unit_price: number;
}

/** Before anything is known, nothing is unusual. */
export const NO_FENCES: OutlierFences = { quantity: Number.POSITIVE_INFINITY, unit_price: Number.POSITIVE_INFINITY };

/** Quartiles of fewer values say little about the tail. */
export const LEAST_OBSERVATIONS = 1_000;

/** Tukey's "far out": three interquartile ranges beyond the quartile. */
const FAR_OUT = 3;

/**
 * The upper outer fence of Tukey, "Exploratory Data Analysis" (1977), chapter 2, on the logarithm, since quantities and prices are skewed to the right:
 * a wholesaler's hundreds are usual, 80,995 pieces are not.
 */
export function outerFence(lowerQuartile: number, upperQuartile: number): number {
  return upperQuartile * (upperQuartile / lowerQuartile) ** FAR_OUT;
}

/** The fence of positive values; infinite for too few. */
export function fenceOf(values: readonly number[]): number {
  if (values.length < LEAST_OBSERVATIONS) return Number.POSITIVE_INFINITY;
  const sorted = Float64Array.from(values).sort();
  const quartile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return outerFence(quartile(0.25), quartile(0.75));
}

/** Stores from where on a measure is unusual, and on how many values that rests. */
export async function writeFence(
  database: DatabaseConnection,
  fence: {
    readonly measure: keyof OutlierFences;
    readonly upper: number;
    readonly observations: number;
    readonly now: Date;
  },
): Promise<void> {
  await database.query(
    `insert into recommendations.outlier_fences (measure, upper_fence, observations, computed_at) values ($1, $2, $3, $4)
     on conflict (measure) do update
     set upper_fence = excluded.upper_fence, observations = excluded.observations, computed_at = excluded.computed_at`,
    [fence.measure, fence.upper, fence.observations, fence.now],
  );
}
