import type { CachedOffer } from "./display-score.ts";

/**
 * Where an answer comes from. `cache`: computed beforehand. `live`: asked of Personalize now. `stale_cache`: computed beforehand and older than it should
 * be, since Personalize did not answer. `popular_in_region`, `popular`: what others buy, since nothing else is known.
 */
export const ANSWER_SOURCES = ["cache", "live", "stale_cache", "popular_in_region", "popular"] as const;

export type AnswerSource = (typeof ANSWER_SOURCES)[number];

/** What is recommended, best first, and how it came about. */
export interface Answer {
  readonly offers: readonly CachedOffer[];
  readonly source: AnswerSource;
  /** Why it is not from the cache; null when it is. */
  readonly fallback_reason: string | null;
  /** When it was computed. */
  readonly computed_at: Date;
}
