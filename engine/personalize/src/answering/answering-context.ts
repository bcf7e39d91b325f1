import type { FilteredUser } from "../filters/filter.ts";
import type { AnsweringModel } from "./answering-model.ts";
import type { Catalogue } from "./catalogue.ts";
import { type ExplainedHistory, explainScores } from "./explanations.ts";
import type { Explorer } from "./explorer.ts";
import { filteredUser } from "./filtered-user.ts";
import type { Judge, Judgement } from "./judgement.ts";
import type { Contribution, LiveRecords, RecommendationRequest } from "./recommender.ts";

/** What all answers of a recommender are made of. */
export interface AnsweringContext {
  readonly model: AnsweringModel;
  readonly live: LiveRecords;
  readonly catalogue: () => Catalogue;
  readonly judge: Judge;
  /** Absent for recipes that do not explore. */
  readonly explorer: Explorer | undefined;
  readonly random: () => number;
}

/** The user of a request as filters see him, worked out when the first filter asks. */
export function lazyUser(
  { model, live, catalogue }: AnsweringContext,
  asked: Pick<RecommendationRequest, "userId" | "itemId">,
): () => FilteredUser {
  let user: FilteredUser | undefined;
  return () => {
    user ??= filteredUser(model, live, catalogue(), asked);
    return user;
  };
}

/** Lets items that are more probable in the context of the request rise, those that are less so fall. Returns whether anything was written. */
export function applyContext(
  { model }: AnsweringContext,
  scores: Float32Array,
  steepness: number,
  context: Readonly<Record<string, string>> | undefined,
): boolean {
  const lifts = context === undefined ? undefined : model.lifts.of(context);
  if (lifts === undefined || steepness === 0) return false;
  for (let item = 0; item < scores.length; item += 1) scores[item] += lifts[item] / steepness;
  return true;
}

/** Why each item has its score. */
export function explain(
  { model }: AnsweringContext,
  { history }: Judgement,
  user: FilteredUser,
  items: readonly number[],
): ReadonlyMap<number, readonly Contribution[]> {
  const scored = items.filter((item) => item < model.scorer.items);
  if (history === undefined) return new Map(scored.map((item) => [item, [{ because: "popular", share: 1 }]]));
  const isRelated = model.recipe.type === "RELATED_ITEMS";
  const explained: ExplainedHistory = {
    history,
    relation: isRelated ? "like item" : "because of item",
    eventTypeOf: (item) => (isRelated ? undefined : user.events.find((event) => event.item === item)?.eventType),
  };
  return explainScores(model, explained, scored);
}
