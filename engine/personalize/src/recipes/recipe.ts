import type { DatasetType, Domain } from "../schema/dataset-schema.ts";

/** What a recipe is for, in DescribeRecipe's words; https://docs.aws.amazon.com/personalize/latest/dg/working-with-predefined-recipes.html */
export type RecipeType =
  | "USER_PERSONALIZATION"
  | "POPULAR_ITEMS"
  | "RELATED_ITEMS"
  | "PERSONALIZED_RANKING"
  | "USER_SEGMENTATION"
  | "PERSONALIZED_ACTIONS";

/** A kind of solution: what AWS promises of it, and what stands behind it here. */
export interface Recipe {
  /** `aws-user-personalization`: the end of its ARN. */
  readonly name: string;
  readonly type: RecipeType;
  /** Present for the use cases of recommenders, which domain dataset groups have. */
  readonly domain?: Domain;
  readonly description: string;
  /** The ends of the ARNs in DescribeRecipe. */
  readonly algorithm: string;
  readonly featureTransformation?: string;
  /** `solutionConfig.algorithmHyperParameters` */
  readonly hyperparameters: readonly RecipeParameter[];
  /** `solutionConfig.featureTransformationParameters` */
  readonly featureTransformationParameters: readonly RecipeParameter[];
  /** New items are shown to find out about them: `campaignConfig.itemExplorationConfig` counts. */
  readonly explores: boolean;
  readonly request: RequestNeeds;
  readonly data: DataNeeds;
  /** A training can go on from the last version with the parameters kept: `trainingMode` UPDATE. */
  readonly canUpdate: boolean;
  /** CreateBatchInferenceJob takes its solution versions. */
  readonly hasBatchInference: boolean;
  /** Event types, compared without case: what the user has such events with is not recommended to him. */
  readonly hides?: readonly string[];
  /** Answers have scores that sum to 1; others have none. */
  readonly hasScores: boolean;
  /** Which way of learning of `training/learners.ts`. */
  readonly learner: LearnerName;
}

export type LearnerName =
  | "personalization"
  | "popularity"
  | "trending"
  | "co-occurrence"
  | "similar-items"
  | "bought-together"
  | "segments"
  | "actions";

export type Need = "required" | "optional" | "unused";

/** What GetRecommendations, GetPersonalizedRanking or GetActionRecommendations has to name. */
export interface RequestNeeds {
  readonly userId: Need;
  readonly itemId: Need;
  readonly inputList: Need;
}

export interface DataNeeds {
  readonly required: readonly DatasetType[];
  readonly optional: readonly DatasetType[];
  /** Only events of these types are learned from, where the dataset has types; compared without case. */
  readonly eventTypes?: readonly string[];
}

/** As DescribeAlgorithm tells it; values are texts, as in the API. */
export type RecipeParameter = {
  readonly name: string;
  readonly default: string;
  /** `performHPO` looks for its best value. */
  readonly tunable: boolean;
  /** What it does to the algorithm that stands behind the recipe here. */
  readonly meaning: string;
} & (
  | { readonly type: "integer" | "continuous"; readonly minimum: number; readonly maximum: number }
  | { readonly type: "categorical"; readonly values: readonly string[] }
);
