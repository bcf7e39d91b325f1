import { awsPopularityCount } from "./aws-popularity-count.ts";
import type { Recipe } from "./recipe.ts";

/** The items that most users viewed. */
export const awsEcommPopularItemsByViews = {
  ...awsPopularityCount,
  name: "aws-ecomm-popular-items-by-views",
  domain: "ECOMMERCE",
  description: "Popular items by the number of views.",
  algorithm: "aws-ecomm-popular-items-by-views",
  request: { userId: "required", itemId: "unused", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["View"] },
  hasBatchInference: false,
  learner: "popularity",
} as const satisfies Recipe;
