import { GetPersonalizedRankingCommand, GetRecommendationsCommand } from "@aws-sdk/client-personalize-runtime";
import type { ApplicationContext } from "../application-context.ts";
import { readFact } from "../database/facts.ts";
import type { Solution } from "../personalize/solutions.ts";
import type { ScoredItem } from "./display-score.ts";

/** There is no campaign yet: nothing is trained. */
export class NoCampaignError extends Error {
  override readonly name = "NoCampaignError";

  constructor() {
    super("No model is trained yet.");
  }
}

export type CampaignContext = Pick<ApplicationContext, "database" | "runtime">;

async function campaignOf({ database }: CampaignContext, solution: Solution) {
  const arn = (await readFact(database, "campaigns"))?.[solution];
  if (arn === undefined) throw new NoCampaignError();
  return arn;
}

/** Recommendations for a user, from the campaign. Throws NoCampaignError before the first training. */
export async function askForUser(context: CampaignContext, userId: string, numResults: number): Promise<ScoredItem[]> {
  const campaignArn = await campaignOf(context, "user-personalization");
  const answer = await context.runtime.send(new GetRecommendationsCommand({ campaignArn, userId, numResults }));
  return scored(answer.itemList);
}

/** What is similar to an item, from the campaign. */
export async function askForItem(context: CampaignContext, itemId: string, numResults: number): Promise<ScoredItem[]> {
  const campaignArn = await campaignOf(context, "similar-items");
  const answer = await context.runtime.send(new GetRecommendationsCommand({ campaignArn, itemId, numResults }));
  return scored(answer.itemList);
}

/** The items in the order in which the user likes them, from the campaign. */
export async function askForRanking(
  context: CampaignContext,
  userId: string,
  inputList: readonly string[],
): Promise<ScoredItem[]> {
  const campaignArn = await campaignOf(context, "ranking");
  const answer = await context.runtime.send(
    new GetPersonalizedRankingCommand({ campaignArn, userId, inputList: [...inputList] }),
  );
  return scored(answer.personalizedRanking);
}

function scored(items: readonly { itemId?: string; score?: number }[] | undefined): ScoredItem[] {
  return (items ?? []).flatMap(({ itemId, score }) => (itemId === undefined ? [] : [{ itemId, score }]));
}
