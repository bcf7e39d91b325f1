import type { RecommendedItem } from "@rondo/personalize";

/** What of a log line is kept; see EndpointLog. */
const MOST_CHARACTERS = 4000;

export interface ExploredAnswer {
  readonly recommendationId: string;
  readonly userId?: string;
  readonly items: readonly RecommendedItem[];
}

/**
 * The log line of an answer in which something may have been tried out: what stood where, and how probable that was, for judging other ways of choosing by
 * what users did with it. `{"recommendationId": …, "userId": …, "shown": [["item", 0.7], …]}`; undefined without exploration.
 */
export function explorationLine({ recommendationId, userId, items }: ExploredAnswer): string | undefined {
  if (!items.some(({ propensity }) => propensity !== undefined && propensity < 1)) return undefined;
  const shown: [string, number | null][] = [];
  let characters = 0;
  for (const { itemId, propensity } of items) {
    characters += itemId.length + 30;
    if (characters > MOST_CHARACTERS) break;
    shown.push([itemId, propensity === undefined ? null : Number(propensity.toPrecision(6))]);
  }
  const rest = items.length - shown.length;
  return JSON.stringify({ recommendationId, userId, shown, ...(rest > 0 && { notKept: rest }) });
}
