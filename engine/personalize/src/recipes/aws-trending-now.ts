import type { Recipe } from "./recipe.ts";

/** The items whose use rises most from one window of time to the next, in units of its own noise. */
export const awsTrendingNow = {
  name: "aws-trending-now",
  type: "POPULAR_ITEMS",
  description: "Items that are rapidly becoming more popular.",
  algorithm: "aws-trending-now-custom",
  hyperparameters: [],
  featureTransformationParameters: [
    {
      name: "trend_discovery_frequency",
      type: "categorical",
      values: ["30 minutes", "1 hour", "2 hours", "3 hours", "1 day"],
      default: "2 hours",
      tunable: false,
      meaning: "The length of the two windows of time that are compared.",
    },
  ],
  explores: false,
  request: { userId: "optional", itemId: "unused", inputList: "unused" },
  data: { required: ["Interactions"], optional: [] },
  canUpdate: false,
  hasBatchInference: false,
  hasScores: false,
  learner: "trending",
} as const satisfies Recipe;
