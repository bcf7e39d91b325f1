import { awsPopularityCount } from "./aws-popularity-count.ts";
import type { Recipe } from "./recipe.ts";

/** The items that most users bought. */
export const awsEcommPopularItemsByPurchases = {
  ...awsPopularityCount,
  name: "aws-ecomm-popular-items-by-purchases",
  domain: "ECOMMERCE",
  description: "Popular items by the number of purchases.",
  algorithm: "aws-ecomm-popular-items-by-purchases",
  request: { userId: "required", itemId: "unused", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["Purchase"] },
  hasBatchInference: false,
  learner: "popularity",
} as const satisfies Recipe;
