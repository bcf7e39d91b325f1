import type { AnsweringModel } from "./answering-model.ts";
import type { Catalogue } from "./catalogue.ts";
import { type ContentProfile, type ItemFeatures, likeness } from "./item-features.ts";

/** `campaignConfig.itemExplorationConfig` */
export interface ExplorationSettings {
  /** Of the places of a list, what is tried out: 0 to 1. */
  readonly explorationWeight: number;
  /** Days before the newest interaction at which an item has to have been created at the earliest. */
  readonly explorationItemAgeCutOff: number;
}

/** AWS's; https://docs.aws.amazon.com/personalize/latest/dg/native-recipe-new-item-USER_PERSONALIZATION.html */
export const DEFAULT_EXPLORATION: ExplorationSettings = { explorationWeight: 0.3, explorationItemAgeCutOff: 30 };

/** From so many users on an item's scores are worth more than trying it out: the standard error of a rate of 0.5 is then about 0.1. */
const KNOWN_BY = 20;
/** Candidates at most, the newest. */
const MOST_CANDIDATES = 1000;
const SECONDS_OF_DAY = 86_400;
/** How sharply the choice follows the likeness to what the user knows: of the cosines 1 and 0 the first is e^5 times as probable. */
const TEMPERATURE = 0.2;

/** New items, and items created before the cut-off's days that few users know; the newest first. */
export function explorationCandidates(
  catalogue: Catalogue,
  { trained, knownBy, firstSeen, newestEvent }: AnsweringModel,
  { explorationWeight, explorationItemAgeCutOff }: ExplorationSettings,
): Uint32Array {
  if (explorationWeight === 0) return new Uint32Array(0);
  const created = catalogue.records.columns.CREATION_TIMESTAMP;
  const createdAt = (item: number): number => {
    const told = created?.kind === "number" ? created.values[item] : Number.NaN;
    if (!Number.isNaN(told)) return told;
    // An item without events and without a date: it was put since, or nothing is known of its age.
    return item < trained.items.ids.length ? firstSeen[item] : Number.POSITIVE_INFINITY;
  };
  const oldest = newestEvent - explorationItemAgeCutOff * SECONDS_OF_DAY;
  const candidates: { readonly item: number; readonly at: number }[] = [];
  for (let item = 0; item < catalogue.ids.length; item += 1) {
    if (item < knownBy.length && knownBy[item] >= KNOWN_BY) continue;
    const at = createdAt(item);
    if (at >= oldest) candidates.push({ item, at });
  }
  candidates.sort((one, other) => compareNewest(one.at, other.at) || other.item - one.item);
  return Uint32Array.from(candidates.slice(0, MOST_CANDIDATES), ({ item }) => item);
}

/** Infinities of the same sign are equal, which their difference is not. */
function compareNewest(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? 1 : -1;
}

export interface ExplorationOdds {
  readonly items: readonly number[];
  /** What each is chosen by, relative to their sum. */
  readonly weights: Float64Array;
}

/** The candidates that may be shown, and how probable each is: the more, the more it is like what the user knows. */
export function explorationOdds(
  candidates: Uint32Array,
  features: ItemFeatures,
  profile: ContentProfile,
  isAllowed: (item: number) => boolean,
): ExplorationOdds {
  const items = [...candidates].filter(isAllowed);
  const weights = Float64Array.from(items, (item) => Math.exp(likeness(features, item, profile) / TEMPERATURE));
  return { items, weights };
}

export interface ExploredPlace {
  readonly item: number;
  readonly isExplored: boolean;
  /** Of this item at this place, given the places before it. The product over the list is the list's probability. */
  readonly propensity: number;
}

/**
 * Fills a list place by place: with the probability `weight` by one of the odds, else by the best that is not in it yet. As every choice's
 * probability is known, other ways of choosing can be judged by what was logged (Li, Chu, Langford and Wang, "Unbiased offline evaluation of
 * contextual-bandit-based news article recommendation algorithms", WSDM 2011).
 */
export function explore(
  best: readonly number[],
  { items, weights: given }: ExplorationOdds,
  { count, weight, random }: { readonly count: number; readonly weight: number; readonly random: () => number },
): ExploredPlace[] {
  const weights = given.slice();
  const candidates = new Map(items.map((item, index) => [item, index]));
  let total = weights.reduce((sum, value) => sum + value, 0);
  let left = items.length;
  const places: ExploredPlace[] = [];
  const taken = new Set<number>();
  let next = 0;
  while (places.length < count) {
    while (next < best.length && taken.has(best[next])) next += 1;
    const hasBest = next < best.length;
    if (!hasBest && left === 0) break;
    const share = left === 0 ? 0 : hasBest ? weight : 1;
    const isExplored = share > 0 && random() < share;
    const item = isExplored ? items[draw(weights, random() * total)] : best[next];
    const index = candidates.get(item);
    const odds = index === undefined || left === 0 ? 0 : weights[index] / total;
    const isBest = hasBest && item === best[next];
    places.push({ item, isExplored, propensity: share * odds + (isBest ? 1 - share : 0) });
    taken.add(item);
    if (index !== undefined) {
      total = Math.max(0, total - weights[index]);
      weights[index] = 0;
      left -= 1;
    }
  }
  return places;
}

/** The first place at which the sum of the weights exceeds the threshold; where rounding leaves none, the last that has a weight. */
function draw(weights: Float64Array, threshold: number): number {
  let sum = 0;
  let last = -1;
  for (let index = 0; index < weights.length; index += 1) {
    if (weights[index] === 0) continue;
    sum += weights[index];
    last = index;
    if (sum > threshold) return index;
  }
  return last;
}
