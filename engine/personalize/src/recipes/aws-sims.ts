import { historyLengthParameters } from "./history-length-parameters.ts";
import type { Recipe } from "./recipe.ts";

/** Item-to-item lift with a discount for popular items, over the items that the same users know. */
export const awsSims = {
  name: "aws-sims",
  type: "RELATED_ITEMS",
  description: "Items that the same users interacted with as with the item of the request.",
  algorithm: "aws-sims",
  featureTransformation: "sims",
  hyperparameters: [
    {
      name: "popularity_discount_factor",
      type: "continuous",
      default: "0.5",
      minimum: 0,
      maximum: 1,
      tunable: true,
      meaning: "0 puts the items with the most common users first, 1 goes by correlation alone.",
    },
    {
      name: "min_cointeraction_count",
      type: "integer",
      default: "3",
      minimum: 0,
      maximum: 10,
      tunable: true,
      meaning: "Pairs of items with fewer common users are not similar.",
    },
  ],
  featureTransformationParameters: [
    ...historyLengthParameters("0.005", "0.995"),
    {
      name: "min_item_interaction_count_percentile",
      type: "continuous",
      default: "0.01",
      minimum: 0,
      maximum: 1,
      tunable: false,
      meaning: "Items with fewer interactions than this share of items has are left out of training.",
    },
    {
      name: "max_item_interaction_count_percentile",
      type: "continuous",
      default: "0.9",
      minimum: 0,
      maximum: 1,
      tunable: false,
      meaning: "Items with more interactions than this share of items has are left out of training.",
    },
  ],
  explores: false,
  request: { userId: "unused", itemId: "required", inputList: "unused" },
  data: { required: ["Interactions"], optional: [] },
  canUpdate: false,
  hasBatchInference: true,
  hasScores: false,
  learner: "co-occurrence",
} as const satisfies Recipe;
