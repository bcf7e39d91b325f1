import { awsSimilarItems } from "./aws-similar-items.ts";
import type { Recipe } from "./recipe.ts";

/** The similar items of aws-similar-items, learned from watching. */
export const awsVodBecauseYouWatchedX = {
  ...awsSimilarItems,
  name: "aws-vod-because-you-watched-x",
  domain: "VIDEO_ON_DEMAND",
  description: "Videos that users watched who watched the one of the request.",
  algorithm: "aws-vod-because-you-watched-x",
  hyperparameters: [],
  request: { userId: "required", itemId: "required", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["Watch"] },
  hasBatchInference: false,
  hides: ["Watch"],
  learner: "similar-items",
} as const satisfies Recipe;
