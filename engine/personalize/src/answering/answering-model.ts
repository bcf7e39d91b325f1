import { FormatError, type Scorer } from "@rondo/learn";
import type { BlendPlan } from "../model/blend-plan.ts";
import { weighEvent } from "../model/event-selection.ts";
import { type OpenedComponent, openScorer } from "../model/open-scorer.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { findRecipe } from "../recipes/recipes.ts";
import { type ContextLifts, openContextLifts } from "./context-lifts.ts";

/** A trained model ready to answer for any number of campaigns: what does not depend on their settings. */
export interface AnsweringModel {
  readonly trained: TrainedModel;
  readonly recipe: Recipe;
  readonly scorer: Scorer;
  /** For lists from which a filter keeps what the user knows. */
  readonly newItemsScorer: Scorer;
  /** What the two scorers' scores are multiplied by to be logits; undefined where their spread decides. */
  readonly steepness: BlendPlan["steepness"];
  /** What the scores are the weighed sum of. */
  readonly components: readonly OpenedComponent[];
  /** What an event counts in a history; 0: nothing was learned from its like. */
  weigh(eventType: string, eventValue?: number): number;
  /** The places of items in the model. */
  readonly itemIndexes: ReadonlyMap<string, number>;
  /** The place of a user in the model; −1 for one that it does not know. */
  userOf(userId: string): number;
  readonly lifts: ContextLifts;
  /** Of each item the users that have events of it. */
  readonly knownBy: Uint32Array;
  /** Of each item the time of its first event; of one without events that of the newest event of all, as AWS reckons. */
  readonly firstSeen: Float64Array;
  /** Seconds since 1970; −∞ without events. */
  readonly newestEvent: number;
  readonly popular: PopularItems;
}

/** Stands in where nothing is known of the user or the item. */
export interface PopularItems {
  /** The best first. */
  readonly order: Uint32Array;
  /** Of each item its share among the users of all items, each given half a user: sums to 1. */
  readonly shares: Float32Array;
}

/**
 * Opens a model's files and reads its histories once: time and memory are in proportion to items, users and events. Throws FormatError for files that are
 * damaged, or of a recipe that does not exist.
 */
export async function openAnsweringModel(trained: TrainedModel): Promise<AnsweringModel> {
  const recipe = findRecipe(trained.recipe);
  if (recipe === undefined)
    throw new FormatError(`The model is of the recipe ${trained.recipe}, which does not exist.`);
  const { scorer, newItemsScorer, components, plan } = await openScorer(trained);
  const { pairs, events, items } = trained.histories;
  const users = new Map(trained.users.ids.map((id, index) => [id, index]));
  const knownBy = new Uint32Array(items);
  for (const item of pairs.columnIndexes) knownBy[item] += 1;
  const firstSeen = new Float64Array(items).fill(Number.POSITIVE_INFINITY);
  let newestEvent = Number.NEGATIVE_INFINITY;
  for (let event = 0; event < events.items.length; event += 1) {
    const item = events.items[event];
    const time = events.times[event];
    if (time < firstSeen[item]) firstSeen[item] = time;
    if (time > newestEvent) newestEvent = time;
  }
  for (let item = 0; item < items; item += 1) {
    if (firstSeen[item] === Number.POSITIVE_INFINITY) firstSeen[item] = newestEvent;
  }
  return {
    trained,
    recipe,
    scorer,
    newItemsScorer,
    steepness: plan.steepness,
    components,
    weigh: (eventType, eventValue) => weighEvent(trained.eventSelection, eventType, eventValue),
    itemIndexes: new Map(trained.items.ids.map((id, index) => [id, index])),
    userOf: (userId) => users.get(userId) ?? -1,
    lifts: openContextLifts(trained),
    knownBy,
    firstSeen,
    newestEvent,
    popular: popularItems(knownBy),
  };
}

function popularItems(knownBy: Uint32Array): PopularItems {
  const scores = Float32Array.from(knownBy, (users) => users + 0.5);
  const total = scores.reduce((sum, score) => sum + score, 0);
  return { order: orderOf(scores), shares: scores.map((score) => score / total) };
}

/** The items by their scores, the best first; of equal ones the lower item. */
export function orderOf(scores: Float32Array): Uint32Array {
  return Uint32Array.from(scores.keys()).sort((one, other) => scores[other] - scores[one] || one - other);
}
