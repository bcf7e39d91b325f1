import { awsPopularityCount } from "./aws-popularity-count.ts";
import type { Recipe } from "./recipe.ts";

/** The videos that most users watched. */
export const awsVodMostPopular = {
  ...awsPopularityCount,
  name: "aws-vod-most-popular",
  domain: "VIDEO_ON_DEMAND",
  description: "The most popular videos.",
  algorithm: "aws-vod-most-popular",
  request: { userId: "required", itemId: "unused", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["Watch"] },
  hasBatchInference: false,
  learner: "popularity",
} as const satisfies Recipe;
