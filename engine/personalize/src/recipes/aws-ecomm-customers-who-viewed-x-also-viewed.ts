import { awsSimilarItems } from "./aws-similar-items.ts";
import type { Recipe } from "./recipe.ts";

/** The similar items of aws-similar-items, learned from views. */
export const awsEcommCustomersWhoViewedXAlsoViewed = {
  ...awsSimilarItems,
  name: "aws-ecomm-customers-who-viewed-x-also-viewed",
  domain: "ECOMMERCE",
  description: "Items that users viewed who viewed the item of the request.",
  algorithm: "aws-ecomm-customers-who-viewed-x-also-viewed",
  hyperparameters: [],
  request: { userId: "required", itemId: "required", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["View"] },
  hasBatchInference: false,
  hides: ["Purchase"],
  learner: "similar-items",
} as const satisfies Recipe;
