import type { Interactions } from "@rondo/learn";
import type { AnsweringModel } from "./answering-model.ts";
import type { Contribution } from "./recommender.ts";
import { withoutItem } from "./user-history.ts";

/** Items of a history whose part in a score is told, the newest; each costs a scoring by every component. */
const MOST_REASONS = 20;
/** Components that say the same to everybody. */
const POPULARITY: ReadonlySet<string> = new Set(["popularity", "trending"]);

export interface ExplainedHistory {
  readonly history: Interactions;
  /** `because of item` or `like item`. */
  readonly relation: string;
  /** Of the user's newest event with an item. */
  eventTypeOf(item: number): string | undefined;
}

/** Of each recommended item what the items of the history and popularity add to its score. */
interface Parts {
  readonly byReason: ReadonlyMap<number, Float64Array>;
  readonly popular: Float64Array;
}

/**
 * Why items were recommended to a history: what each loses in the scores of every component when one item of the history is left out, on the
 * component's scale and by its weight in the blend. For sums over a history that is the item's very part. The parts of an item sum to 1, the
 * largest first; what speaks against it is not told. Popularity decides where nothing else does.
 */
export function explainScores(
  { components, trained }: Pick<AnsweringModel, "components" | "trained">,
  { history, relation, eventTypeOf }: ExplainedHistory,
  recommended: readonly number[],
): ReadonlyMap<number, readonly Contribution[]> {
  const parts: Parts = {
    byReason: new Map(newestItems(history).map((item) => [item, new Float64Array(recommended.length)])),
    popular: new Float64Array(recommended.length),
  };
  for (const component of components) {
    if (component.weight > 0) addParts(component, history, recommended, parts);
  }
  return new Map(
    recommended.map((item, index) => {
      const contributions: Contribution[] = [{ because: "popular", share: parts.popular[index] }];
      for (const [reason, values] of parts.byReason) {
        const itemId = trained.items.ids[reason];
        const eventType = eventTypeOf(reason);
        const told = eventType === undefined ? { itemId } : { itemId, eventType };
        contributions.push({ because: `${relation} ${itemId}`, ...told, share: values[index] });
      }
      return [item, shared(contributions)];
    }),
  );
}

function addParts(
  { scorer, weight, algorithm }: AnsweringModel["components"][number],
  history: Interactions,
  recommended: readonly number[],
  { byReason, popular }: Parts,
): void {
  const scoresOf = (asked: Interactions): Float32Array => scorer.score(asked, 0);
  const pick = (scores: Float32Array): Float64Array => Float64Array.from(recommended, (item) => scores[item]);
  const scores = scoresOf(history);
  const scale = weight / Math.max(highestOf(scores), Number.MIN_VALUE);
  const full = pick(scores);
  if (POPULARITY.has(algorithm)) {
    for (let index = 0; index < full.length; index += 1) popular[index] += Math.max(0, scale * full[index]);
    return;
  }
  for (const [item, values] of byReason) {
    const without = pick(scoresOf(withoutItem(history, item)));
    for (let index = 0; index < full.length; index += 1) {
      values[index] += Math.max(0, scale * (full[index] - without[index]));
    }
  }
}

/** Shares that sum to 1. */
function shared(parts: readonly Contribution[]): readonly Contribution[] {
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  if (!(total > 0)) return [{ because: "popular", share: 1 }];
  return parts
    .filter(({ share }) => share > 0)
    .map((part) => ({ ...part, share: part.share / total }))
    .sort((one, other) => other.share - one.share);
}

function highestOf(scores: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > highest) highest = score;
  return highest;
}

function newestItems({ events }: Interactions): number[] {
  const items = new Set<number>();
  for (let event = events.items.length - 1; event >= 0 && items.size < MOST_REASONS; event -= 1) {
    items.add(events.items[event]);
  }
  return [...items];
}
