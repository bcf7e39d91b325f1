import { wilsonInterval } from "@rondo/statistics";

/** P-31 on the unrounded rate (P-X2): High from 80 %, Medium from 40 %, else Low. */
const BORDERS = [
  ["High", 0.8],
  ["Medium", 0.4],
] as const;

export type AffinityLevel = "High" | "Medium" | "Low";

/** How many of a region's sampled users a recommendation reaches. */
export interface MatchRate {
  /** Users who received it. */
  readonly matched: number;
  /** Users sampled. */
  readonly n: number;
  /** Per cent, unrounded: matched ÷ n × 100 (P-30). */
  readonly match_rate: number;
  /** Wilson 95 %, per cent. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly affinity: AffinityLevel;
  /** Whether the interval reaches over a border of the levels: another sample may say otherwise (P-X1). */
  readonly borderline: boolean;
}

/** Match rate, interval and level of a recommendation that `matched` of `n` users received. */
export function matchRate(matched: number, n: number): MatchRate {
  const rate = n === 0 ? 0 : matched / n;
  const { low, high } = wilsonInterval(matched, n);
  const affinity = BORDERS.find(([, border]) => rate >= border)?.[0] ?? "Low";
  const borderline = BORDERS.some(([, border]) => low < border && border <= high);
  return {
    matched,
    n,
    match_rate: rate * 100,
    interval: { low: low * 100, high: high * 100 },
    affinity,
    borderline,
  };
}
