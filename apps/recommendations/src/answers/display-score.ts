/** A product of a cached list. */
export interface CachedOffer {
  readonly product_id: string;
  /** `display_score`, 0 to 1: confidence × relevance (P-X3). */
  readonly score: number;
  /** Personalize's own score, unchanged; null where it gives none. */
  readonly raw_score: number | null;
  /** The item's score ÷ the list's highest; for lists without scores 1 ÷ place. */
  readonly relevance: number;
  /** n ÷ (n + 5), n = interactions of the user (or the item) in the training data. */
  readonly confidence: number;
}

/** So many interactions count as half of what there is to know: a convention (P-X3). */
const HALF_KNOWN = 5;

/** What Personalize recommends, best first. */
export interface ScoredItem {
  readonly itemId: string;
  readonly score?: number | undefined;
}

/** Gives a list of Personalize's the score that is shown (P-32 as decided in P-X3). `interactions` are those of whom the list is for. */
export function withDisplayScores(items: readonly ScoredItem[], interactions: number): CachedOffer[] {
  const confidence = interactions / (interactions + HALF_KNOWN);
  const highest = Math.max(...items.map(({ score }) => score ?? 0));
  return items.map(({ itemId, score }, index) => {
    const relevance = score === undefined || highest <= 0 ? 1 / (index + 1) : Math.max(0, score / highest);
    return { product_id: itemId, score: confidence * relevance, raw_score: score ?? null, relevance, confidence };
  });
}
