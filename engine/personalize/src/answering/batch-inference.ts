import { createRandom } from "@rondo/statistics";
import type { AnsweringModel } from "./answering-model.ts";
import { answerLine, type BatchInput, BatchLineError, requireText } from "./batch-line.ts";
import type { BatchRequest } from "./batch-request.ts";
import { FilterCache } from "./filter-cache.ts";
import { openRecommender, readExploration } from "./open-recommender.ts";
import type { LiveRecords, Recommendation } from "./recommender.ts";

const SEED = 1;

/**
 * Answers the lines of a batch inference job one by one: `{"userId": …}`, `{"itemId": …}` or `{"userId": …, "itemList": […]}` as the recipe needs, with
 * `filterValues` where the job has a filter with parameters. Items without a score have null in `scores`.
 * https://docs.aws.amazon.com/personalize/latest/dg/batch-data-upload.html
 */
export function openBatchInference(
  model: AnsweringModel,
  live: LiveRecords,
  { numResults, filterExpression, itemExplorationConfig }: BatchRequest,
): (line: string) => string {
  // A job that is run again after a crash answers the same.
  const random = createRandom(SEED);
  const recommender = openRecommender(model, live, { random, ...readExploration(itemExplorationConfig) });
  const filters = new FilterCache(recommender.catalogue);
  const { type, hasScores } = model.recipe;
  const answer = (input: BatchInput): object => {
    const filter = filterExpression === undefined ? undefined : filters.open(filterExpression, readValues(input));
    if (type === "PERSONALIZED_RANKING") {
      const request = { userId: requireText(input, "userId"), inputList: readList(input), filter };
      return outputOf(recommender.rank(request), hasScores);
    }
    const asked = type === "RELATED_ITEMS" ? { itemId: requireText(input, "itemId") } : {};
    const userId = readUser(input, model.recipe.request.userId === "required");
    return outputOf(recommender.recommend({ ...asked, userId, numResults, filter }), hasScores);
  };
  return (line) => answerLine(line, answer);
}

function outputOf({ items }: Recommendation, hasScores: boolean): object {
  const recommendedItems = items.map(({ itemId }) => itemId);
  return hasScores ? { recommendedItems, scores: items.map(({ score = null }) => score) } : { recommendedItems };
}

function readUser(input: BatchInput, isRequired: boolean): string | undefined {
  return isRequired || input["userId"] !== undefined ? requireText(input, "userId") : undefined;
}

function readList({ itemList }: BatchInput): readonly string[] {
  const isList = Array.isArray(itemList) && itemList.every((item) => typeof item === "string");
  if (!isList) throw new BatchLineError("The line needs itemList, a list of texts.");
  return itemList;
}

function readValues({ filterValues }: BatchInput): Readonly<Record<string, string>> | undefined {
  if (filterValues === undefined) return undefined;
  const isMap =
    typeof filterValues === "object" &&
    filterValues !== null &&
    Object.values(filterValues).every((value) => typeof value === "string");
  if (!isMap) throw new BatchLineError("filterValues must be an object of texts.");
  return filterValues as Readonly<Record<string, string>>;
}
