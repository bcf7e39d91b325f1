import { type AnsweringContext, applyContext, explain, lazyUser } from "./answering-context.ts";
import { bestItems } from "./best-items.ts";
import { explore } from "./exploration.ts";
import { metadataReader } from "./item-metadata.ts";
import { hiddenItems, isNewOnly, type Judgement } from "./judgement.ts";
import { probabilityOf, scaleOfScores, softmaxOfScores } from "./probabilities.ts";
import { promotedCount, spreadPromoted } from "./promotions.ts";
import type { Recommendation, RecommendationRequest, RecommendedItem } from "./recommender.ts";

/** An item of the list, before what is told of it. */
interface Placed {
  readonly item: number;
  readonly promotionName?: string;
  readonly isExplored?: boolean;
  readonly propensity?: number;
}

type User = ReturnType<typeof lazyUser>;

/** GetRecommendations; the request has what the recipe needs. */
export function recommendItems(context: AnsweringContext, request: RecommendationRequest): Recommendation {
  const { model } = context;
  const user = lazyUser(context, request);
  const allowed = request.filter?.allowed(user());
  const hidden = hiddenFrom(context, request.userId);
  const judgement = judge(context, request, (item) => allowed?.[item] !== 0 && !hidden.has(item));
  const { scores } = judgement;
  for (const item of hidden) if (item < scores.length) scores[item] = Number.NEGATIVE_INFINITY;
  const scale = weighContext(context, judgement, request);
  const softmax = model.recipe.hasScores ? softmaxOfScores(scores, scale) : undefined;
  const scoreOf = (item: number): number | undefined =>
    softmax === undefined || item >= scores.length ? undefined : probabilityOf(softmax, scores[item]);

  const promoted = promote(scores, request, user, hidden);
  const others = fill(context, request, { judgement, allowed, hidden, promoted });
  const placed = promoted.length === 0 ? others : spreadPromoted(others, promoted, context.random);
  const items = describe(context, request, placed, { scoreOf, judgement, user });
  return { items, notes: judgement.note === undefined ? [] : [judgement.note] };
}

function judge(
  { model, judge: judges }: AnsweringContext,
  { userId, itemId }: RecommendationRequest,
  isShown: (item: number) => boolean,
): Judgement {
  const { type } = model.recipe;
  if (type === "RELATED_ITEMS") return judges.item(itemId ?? "");
  if (type === "POPULAR_ITEMS") return judges.everybody();
  return judges.user(userId ?? "", isNewOnly(isShown));
}

/** Adds to the scores what the context says, and tells the scale on which they are logits. */
function weighContext(
  answering: AnsweringContext,
  { scores, steepness: given }: Judgement,
  { context }: RecommendationRequest,
): ReturnType<typeof scaleOfScores> {
  const { highest, steepness: measured } = scaleOfScores(scores);
  const steepness = given ?? measured;
  return applyContext(answering, scores, steepness, context)
    ? { highest: scaleOfScores(scores).highest, steepness }
    : { highest, steepness };
}

const NOTHING: ReadonlySet<number> = new Set();

/** What the recipe does not show this user again. */
function hiddenFrom({ model, live, catalogue }: AnsweringContext, userId: string | undefined): ReadonlySet<number> {
  const eventTypes = model.recipe.hides;
  if (eventTypes === undefined || userId === undefined) return NOTHING;
  return hiddenItems(model, { live, userId, eventTypes, indexOf: catalogue().indexOf });
}

function promote(
  scores: Float32Array,
  { promotion, numResults }: RecommendationRequest,
  user: User,
  hidden: ReadonlySet<number>,
): readonly Placed[] {
  if (promotion === undefined) return [];
  const count = promotedCount(numResults, promotion.percentPromotedItems);
  const choice = { count, allowed: promotion.filter.allowed(user()), isTaken: (item: number) => hidden.has(item) };
  return bestItems(scores, choice).map((item) => ({ item, promotionName: promotion.name }));
}

interface Filling {
  readonly judgement: Judgement;
  readonly allowed: Uint8Array | undefined;
  readonly hidden: ReadonlySet<number>;
  readonly promoted: readonly Placed[];
}

/** The places that are not promoted: the best, and what is tried out. */
function fill(
  { explorer, random }: AnsweringContext,
  { numResults }: RecommendationRequest,
  { judgement, allowed, hidden, promoted }: Filling,
): readonly Placed[] {
  const taken = new Set(promoted.map(({ item }) => item));
  const isTaken = (item: number): boolean => taken.has(item) || hidden.has(item);
  const best = bestItems(judgement.scores, { count: numResults, allowed, isTaken });
  const count = numResults - promoted.length;
  const isAllowed = (item: number): boolean => (allowed === undefined || allowed[item] !== 0) && !isTaken(item);
  const odds = explorer?.odds(judgement.history, isAllowed);
  if (explorer === undefined || odds === undefined) return best.slice(0, count).map((item) => ({ item }));
  return explore(best, odds, { count, weight: explorer.weight, random });
}

interface Told {
  scoreOf(item: number): number | undefined;
  readonly judgement: Judgement;
  readonly user: User;
}

function describe(
  context: AnsweringContext,
  { metadataColumns, explain: isExplained }: RecommendationRequest,
  placed: readonly Placed[],
  { scoreOf, judgement, user }: Told,
): RecommendedItem[] {
  const catalogue = context.catalogue();
  const metadataOf = metadataColumns === undefined ? undefined : metadataReader(catalogue, metadataColumns);
  // Explaining scores anew: what is told of the old ones has to be read before.
  const items = placed.map(
    ({ item, promotionName, propensity, isExplored }): RecommendedItem => ({
      itemId: catalogue.ids[item],
      score: scoreOf(item),
      promotionName,
      metadata: metadataOf?.(item),
      reason: reasonOf(context, judgement, { promotionName, isExplored }),
      propensity,
    }),
  );
  if (isExplained !== true) return items;
  const contributions = explain(
    context,
    judgement,
    user(),
    placed.map(({ item }) => item),
  );
  return items.map((described, place) => {
    const { item, isExplored } = placed[place];
    const explanation =
      isExplored === true || !contributions.has(item)
        ? (context.explorer?.explain(item, judgement.history) ?? [{ because: "new", share: 1 }])
        : contributions.get(item);
    return { ...described, explanation };
  });
}

/** AWS's words, which only the second version of user personalization gives; https://docs.aws.amazon.com/personalize/latest/dg/recommendation-reasons.html */
function reasonOf(
  { model }: AnsweringContext,
  { history }: Judgement,
  { promotionName, isExplored }: { readonly promotionName?: string; readonly isExplored?: boolean },
): readonly string[] | undefined {
  if (model.recipe.name !== "aws-user-personalization-v2") return undefined;
  if (promotionName !== undefined) return ["Promoted item"];
  if (isExplored === true) return ["Exploration"];
  return history === undefined ? ["Popular item"] : undefined;
}
