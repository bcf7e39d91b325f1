import { type AnsweringContext, applyContext, explain, lazyUser } from "./answering-context.ts";
import { metadataReader } from "./item-metadata.ts";
import { probabilityOf, scaleOfScores, softmaxOfItems } from "./probabilities.ts";
import type { RankingRequest, Recommendation, RecommendedItem } from "./recommender.ts";

/**
 * GetPersonalizedRanking: the list in the user's order, with scores that sum to 1 over it. Items that the model does not know come last, in the order of the
 * list and without scores, as AWS has it; with a filter they are left out, since it cannot say anything of them.
 */
export function rankItems(context: AnsweringContext, request: RankingRequest): Recommendation {
  const catalogue = context.catalogue();
  const user = lazyUser(context, request);
  const allowed = request.filter?.allowed(user());
  const judgement = context.judge.user(request.userId, () => false);
  const { scores } = judgement;
  const steepness = judgement.steepness ?? scaleOfScores(scores).steepness;
  applyContext(context, scores, steepness, request.context);
  const list = [...new Set(request.inputList)];
  const isAllowed = (item: number): boolean => allowed === undefined || allowed[item] !== 0;
  const known = list
    .map((itemId) => catalogue.indexOf(itemId))
    .filter((item) => item !== undefined)
    .filter((item) => item < scores.length && isAllowed(item));
  const softmax = softmaxOfItems(scores, known, steepness);
  const metadataOf =
    request.metadataColumns === undefined ? undefined : metadataReader(catalogue, request.metadataColumns);
  const order = known.toSorted((one, other) => scores[other] - scores[one]);
  const ranked = order.map(
    (item): RecommendedItem => ({
      itemId: catalogue.ids[item],
      score: probabilityOf(softmax, scores[item]),
      metadata: metadataOf?.(item),
    }),
  );
  const unscored = list
    .filter((itemId) => {
      const item = catalogue.indexOf(itemId);
      return item === undefined ? allowed === undefined : item >= scores.length && isAllowed(item);
    })
    .map((itemId): RecommendedItem => ({ itemId, metadata: metadataOf?.(catalogue.indexOf(itemId) ?? -1) }));
  const notes = judgement.note === undefined ? [] : [judgement.note];
  if (unscored.length > 0) notes.push(`${unscored.length} items that the model does not know are at the end`);
  if (request.explain !== true) return { items: [...ranked, ...unscored], notes };
  const contributions = explain(context, judgement, user(), order);
  const explained = ranked.map((item, place) => ({ ...item, explanation: contributions.get(order[place]) }));
  return { items: [...explained, ...unscored], notes };
}
