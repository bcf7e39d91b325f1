import type { ComponentChoice, HistoryWeightings } from "../model/algorithms.ts";
import type { HoldOutChoice } from "./choose-hold-out.ts";

/** One algorithm to be tried: fitted once, and scored with each weighting of the histories; without any, with that of its parameters. */
export interface Candidate extends ComponentChoice {
  readonly weightings?: HistoryWeightings;
}

export interface CandidateOptions {
  /** Events of each history that may say something of each other: `bptt`. */
  readonly window: number;
  readonly factors: number;
  /** Whether newer events, and what is popular of late, may count more. */
  readonly recency: boolean;
  readonly heldOut: HoldOutChoice;
  /** Users come back to what they know. */
  readonly hasRepeats: boolean;
  readonly hasFeatures: boolean;
}

/**
 * What user personalization is blended from; each had the best figure on one of the data sets of docs/algorithms/recommenders.md, or adds to a blend
 * there. Parameters are those found there.
 */
export function personalizationCandidates(options: CandidateOptions): readonly Candidate[] {
  const { window, factors, recency, heldOut, hasRepeats, hasFeatures } = options;
  const hasOrder = heldOut.heldOut !== "random-event";
  const hasClock = heldOut.heldOut === "last-period";
  const weightings: HistoryWeightings = [
    { halfLifeItems: 0, halfLifeDays: 0 },
    ...(recency && hasOrder ? [2, 10].map((halfLifeItems) => ({ halfLifeItems, halfLifeDays: 0 })) : []),
    ...(recency && hasClock ? [{ halfLifeItems: 0, halfLifeDays: 60 }] : []),
  ];
  const candidates: Candidate[] = [
    { algorithm: "item-item", parameters: { similarity: "bm25", k1: 1.2, b: 0.2, neighbours: 300 }, weightings },
    { algorithm: "rp3-beta", parameters: { alpha: 0.65, beta: 0.35, neighbours: 500 }, weightings },
    { algorithm: "ease", parameters: { penalty: 200, neighbours: 500 }, weightings },
    { algorithm: "implicit-als", parameters: { factors, alpha: 40 } },
    { algorithm: "implicit-als", parameters: { factors, alpha: 1 } },
    { algorithm: "popularity", parameters: {} },
  ];
  if (hasOrder)
    candidates.push({
      algorithm: "sequential",
      parameters: { window, lengthDiscount: 0.1, neighbours: 300 },
      weightings,
    });
  if (hasFeatures) candidates.push({ algorithm: "content-similarity", parameters: {}, weightings });
  if (hasRepeats) candidates.push(...ownHistories(recency));
  if (recency && hasClock) candidates.push(...recentPopularity(heldOut.periodDays));
  return candidates;
}

function ownHistories(recency: boolean): readonly Candidate[] {
  const halfLives = recency ? [250, 30] : [0];
  return halfLives.map((halfLifeDays) => ({
    algorithm: "own-history",
    parameters: { repeatExponent: 1, halfLifeDays },
  }));
}

function recentPopularity(periodDays: number): readonly Candidate[] {
  return [
    { algorithm: "popularity", parameters: { windowDays: periodDays } },
    { algorithm: "popularity", parameters: { counts: "events", halfLifeDays: periodDays / 4 } },
  ];
}
