import { awsSimilarItems } from "./aws-similar-items.ts";
import type { Recipe } from "./recipe.ts";

/** The similar items of aws-similar-items, learned from watching and metadata. */
export const awsVodMoreLikeX = {
  ...awsSimilarItems,
  name: "aws-vod-more-like-x",
  domain: "VIDEO_ON_DEMAND",
  description: "Videos that are similar to the one of the request.",
  algorithm: "aws-vod-more-like-x",
  hyperparameters: [],
  request: { userId: "required", itemId: "required", inputList: "unused" },
  data: { required: ["Interactions", "Items"], optional: ["Users"], eventTypes: ["Watch"] },
  hasBatchInference: false,
  learner: "similar-items",
} as const satisfies Recipe;
