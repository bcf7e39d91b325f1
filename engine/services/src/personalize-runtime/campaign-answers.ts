import type {
  GetActionRecommendationsRequest,
  GetPersonalizedRankingRequest,
  GetRecommendationsRequest,
} from "@aws-sdk/client-personalize-runtime";
import type { Recommendation } from "@rondo/personalize";
import type { Campaign, Campaigns, FilterRef, OpenedCampaign } from "@rondo/serve";
import { awsError, type Caller } from "@rondo/wire";
import { newRecommendationId } from "../personalize/recommendation-id.ts";
import { answeringFailure } from "./answering-failure.ts";

/** AWS's, where numResults is missing. */
const DEFAULT_RESULTS = 25;
const DEFAULT_ACTIONS = 5;
const MOST_ACTIONS = 100;
const MOST_METADATA_COLUMNS = 10;

export interface CampaignAnswer extends Recommendation {
  readonly recommendationId: string;
}

/** Answered at once when the campaign is in memory. */
export type PossiblyLater<Result> = Result | Promise<Result>;

export interface AnswerOptions {
  /** When the request came in, by `Campaigns.now`. */
  readonly receivedAt: number;
  /** With the reasons of every item: our extension. */
  readonly explain?: boolean;
}

export interface CampaignAnswers {
  recommendations(
    input: GetRecommendationsRequest,
    caller: Caller,
    options: AnswerOptions,
  ): PossiblyLater<CampaignAnswer>;
  ranking(input: GetPersonalizedRankingRequest, caller: Caller, options: AnswerOptions): PossiblyLater<CampaignAnswer>;
  /** The items are actions. */
  actions(
    input: GetActionRecommendationsRequest,
    caller: Caller,
    options: AnswerOptions,
  ): PossiblyLater<CampaignAnswer>;
}

interface Work {
  readonly operation: "GetRecommendations" | "GetPersonalizedRanking" | "GetActionRecommendations";
  readonly arn: string | undefined;
  readonly filters: readonly (FilterRef | undefined)[];
  readonly userId: string | undefined;
  answer(opened: OpenedCampaign): Recommendation;
}

/**
 * What the operations of Personalize Runtime answer, for both ways that a request can take. Throws (or rejects with) ResourceNotFoundException,
 * InvalidInputException, ServiceUnavailable.
 */
export function createCampaignAnswers(campaigns: Pick<Campaigns, "open" | "now" | "shown">): CampaignAnswers {
  return {
    recommendations(input, caller, options) {
      const { campaignArn, recommenderArn, userId, itemId, context } = input;
      if ((campaignArn === undefined) === (recommenderArn === undefined)) {
        throw awsError("InvalidInputException", "Name either a campaignArn or a recommenderArn.");
      }
      const promotion = readPromotion(input.promotions);
      const work: Work = {
        operation: "GetRecommendations",
        arn: campaignArn ?? recommenderArn,
        filters: [filterOf(input), promotion?.filter],
        userId,
        answer: ({ campaign, filters: [filter, promoted] }) => {
          if (campaign.recipeType === "PERSONALIZED_ACTIONS") refuse(campaign, "GetActionRecommendations");
          if (campaign.recipeType === "PERSONALIZED_RANKING") refuse(campaign, "GetPersonalizedRanking");
          return campaign.recommender.recommend({
            userId,
            itemId,
            context,
            filter,
            numResults: input.numResults ?? DEFAULT_RESULTS,
            promotion: promotion && promoted && { ...promotion, filter: promoted },
            metadataColumns: metadataColumns(campaign, input.metadataColumns),
            explain: options.explain,
          });
        },
      };
      return perform(campaigns, work, caller, options);
    },
    ranking(input, caller, options) {
      const { campaignArn, userId = "", inputList = [], context } = input;
      const work: Work = {
        operation: "GetPersonalizedRanking",
        arn: campaignArn,
        filters: [filterOf(input)],
        userId,
        answer: ({ campaign, filters: [filter] }) => {
          if (campaign.recipeType !== "PERSONALIZED_RANKING") refuse(campaign, "GetRecommendations");
          const columns = metadataColumns(campaign, input.metadataColumns);
          const request = { userId, inputList, context, filter, metadataColumns: columns };
          return campaign.recommender.rank({ ...request, explain: options.explain });
        },
      };
      return perform(campaigns, work, caller, options);
    },
    actions(input, caller, options) {
      const { campaignArn, userId, numResults = DEFAULT_ACTIONS } = input;
      if (numResults > MOST_ACTIONS) {
        throw awsError("InvalidInputException", `numResults can be at most ${MOST_ACTIONS}, not ${numResults}.`);
      }
      const work: Work = {
        operation: "GetActionRecommendations",
        arn: campaignArn,
        filters: [filterOf(input)],
        userId,
        answer: ({ campaign, filters: [filter] }) => {
          if (campaign.recipeType !== "PERSONALIZED_ACTIONS") refuse(campaign, "GetRecommendations");
          return campaign.recommender.recommend({ userId, numResults, filter, explain: options.explain });
        },
      };
      return perform(campaigns, work, caller, options);
    },
  };
}

/** Opens what the work needs, lets it answer, and counts. */
function perform(
  campaigns: Pick<Campaigns, "open" | "now" | "shown">,
  work: Work,
  caller: Caller,
  { receivedAt }: AnswerOptions,
): PossiblyLater<CampaignAnswer> {
  const finish = (opened: OpenedCampaign): CampaignAnswer => {
    const { campaign } = opened;
    const { items, notes } = work.answer(opened);
    const recommendationId = newRecommendationId(work.arn ?? "");
    campaign.logExploration({ recommendationId, userId: work.userId, items });
    campaigns.shown.remember(recommendationId, items);
    campaign.meter.record(work.operation, (campaigns.now() - receivedAt) * 1000);
    return { items, notes, recommendationId };
  };
  try {
    const opened = campaigns.open(caller, { arn: work.arn ?? "", filters: work.filters });
    if (!(opened instanceof Promise)) return finish(opened);
    return opened.then(finish).catch((error: unknown) => {
      throw answeringFailure(error);
    });
  } catch (error) {
    throw answeringFailure(error);
  }
}

interface FilterMembers {
  readonly filterArn?: string | undefined;
  readonly filterValues?: Readonly<Record<string, string>> | undefined;
}

function filterOf({ filterArn, filterValues }: FilterMembers): FilterRef | undefined {
  return filterArn === undefined ? undefined : { arn: filterArn, values: filterValues };
}

/** Throws InvalidInputException for one that does not say what to promote. */
function readPromotion(promotions: GetRecommendationsRequest["promotions"]) {
  const promotion = promotions?.[0];
  if (promotion === undefined) return undefined;
  const { name, percentPromotedItems } = promotion;
  const filter = filterOf(promotion);
  if (name === undefined || percentPromotedItems === undefined || filter === undefined) {
    throw awsError("InvalidInputException", "A promotion needs a name, percentPromotedItems and a filterArn.");
  }
  return { name, percentPromotedItems, filter };
}

/** Throws InvalidInputException for columns of other datasets, too many of them, and for a campaign that gives none. */
function metadataColumns(
  { arn, hasMetadata }: Campaign,
  asked: Readonly<Record<string, readonly string[]>> | undefined,
): readonly string[] | undefined {
  if (asked === undefined || Object.keys(asked).length === 0) return undefined;
  const { ITEMS: columns, ...others } = asked;
  if (columns === undefined || Object.keys(others).length > 0) {
    throw awsError("InvalidInputException", "metadataColumns takes columns of ITEMS only.");
  }
  if (columns.length > MOST_METADATA_COLUMNS) {
    throw awsError("InvalidInputException", `metadataColumns can have at most ${MOST_METADATA_COLUMNS} columns.`);
  }
  if (hasMetadata) return columns;
  const advice = "Set enableMetadataWithRecommendations in its configuration.";
  throw awsError("InvalidInputException", `Metadata is not enabled for ${arn}. ${advice}`);
}

/** Of a campaign whose recipe another operation answers for. */
function refuse({ arn, recommender }: Campaign, operation: string): never {
  throw awsError("InvalidInputException", `${arn} uses the recipe ${recommender.recipe}; ask it with ${operation}.`);
}
