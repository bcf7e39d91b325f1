import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { prepareOffers, USERS } from "./offers-campaign.ts";
import type { Scenario } from "./scenario.ts";

/** One user in three, each once before any comes again: nobody's answer is remembered from a moment before. */
const DISTINCT_REQUESTS = 10_000;

/** 25 items out of 20,000 for each user, with the scores of all. */
export const getRecommendations: Scenario = {
  name: "get-recommendations",
  goal: { requestsPerSecond: 4000, p99Milliseconds: 15 },
  distinctRequests: DISTINCT_REQUESTS,
  prepare: async () => void (await prepareOffers()),
  async send(index, configuration) {
    const { campaignArn } = await prepareOffers();
    return await new PersonalizeRuntimeClient(configuration).send(
      new GetRecommendationsCommand({ campaignArn, userId: userOf(index) }),
    );
  },
};

/** The same without what the user knows. */
export const getFilteredRecommendations: Scenario = {
  ...getRecommendations,
  name: "get-recommendations-filter",
  goal: { requestsPerSecond: 2000 },
  async send(index, configuration) {
    const { campaignArn, filterArn } = await prepareOffers();
    return await new PersonalizeRuntimeClient(configuration).send(
      new GetRecommendationsCommand({ campaignArn, filterArn, userId: userOf(index) }),
    );
  },
};

function userOf(index: number): string {
  return `user-${(index * 3) % USERS}`;
}
