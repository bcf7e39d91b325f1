import { createRequire } from "node:module";
import type {
  GetActionRecommendationsRequest,
  GetActionRecommendationsResponse,
  GetPersonalizedRankingRequest,
  GetPersonalizedRankingResponse,
  GetRecommendationsRequest,
  GetRecommendationsResponse,
  PredictedItem,
} from "@aws-sdk/client-personalize-runtime";
import type { RecommendedItem } from "@rondo/personalize";
import type { Campaigns } from "@rondo/serve";
import type { Caller, SdkModule, ServiceDefinition } from "@rondo/wire";
import { createCampaignAnswers } from "./campaign-answers.ts";
import { personalizeRuntimeConstraints } from "./constraints.ts";

const require = createRequire(import.meta.url);

/** Personalize Runtime: answers of campaigns and recommenders. See recommendations-route.ts for the fast way, and for reasons. */
export function createPersonalizeRuntimeService({
  campaigns,
}: {
  readonly campaigns: Pick<Campaigns, "open" | "now" | "shown">;
}): ServiceDefinition {
  const answers = createCampaignAnswers(campaigns);
  const now = () => ({ receivedAt: campaigns.now() });

  async function getRecommendations(
    input: GetRecommendationsRequest,
    caller: Caller,
  ): Promise<GetRecommendationsResponse> {
    const { items, recommendationId } = await answers.recommendations(input, caller, now());
    return { itemList: items.map(predicted), recommendationId };
  }

  async function getPersonalizedRanking(
    input: GetPersonalizedRankingRequest,
    caller: Caller,
  ): Promise<GetPersonalizedRankingResponse> {
    const { items, recommendationId } = await answers.ranking(input, caller, now());
    return { personalizedRanking: items.map(predicted), recommendationId };
  }

  async function getActionRecommendations(
    input: GetActionRecommendationsRequest,
    caller: Caller,
  ): Promise<GetActionRecommendationsResponse> {
    const { items, recommendationId } = await answers.actions(input, caller, now());
    return { actionList: items.map(({ itemId, score }) => ({ actionId: itemId, score })), recommendationId };
  }

  return {
    id: "personalize-runtime",
    signingName: "personalize",
    protocols: ["rest-json"],
    paths: /^\/(recommendations|personalize-ranking|action-recommendations)$/,
    load: () => require("@aws-sdk/client-personalize-runtime") as SdkModule,
    client: "PersonalizeRuntimeClient",
    operations: {
      GetRecommendations: getRecommendations,
      GetPersonalizedRanking: getPersonalizedRanking,
      GetActionRecommendations: getActionRecommendations,
    },
    constraints: personalizeRuntimeConstraints,
    validationErrorCode: "InvalidInputException",
    notHonoured: {},
  };
}

function predicted({ itemId, score, promotionName, metadata, reason }: RecommendedItem): PredictedItem {
  return { itemId, score, promotionName, metadata: metadata && { ...metadata }, reason: reason && [...reason] };
}
