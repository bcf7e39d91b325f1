import type { Recipe } from "./recipe.ts";

/** The items that most users know. */
export const awsPopularityCount = {
  name: "aws-popularity-count",
  type: "POPULAR_ITEMS",
  description: "The most popular items by the number of their interactions, the same for all users: a baseline.",
  algorithm: "aws-popularity-count",
  featureTransformation: "sims",
  hyperparameters: [],
  featureTransformationParameters: [],
  explores: false,
  request: { userId: "optional", itemId: "unused", inputList: "unused" },
  data: { required: ["Interactions"], optional: [] },
  canUpdate: false,
  hasBatchInference: true,
  hasScores: false,
  learner: "popularity",
} as const satisfies Recipe;
