import { awsSimilarItems } from "./aws-similar-items.ts";
import type { Recipe } from "./recipe.ts";

/** Lift between the items of the same basket: bought by one user at the same time, or within an hour. */
export const awsEcommFrequentlyBoughtTogether = {
  ...awsSimilarItems,
  name: "aws-ecomm-frequently-bought-together",
  domain: "ECOMMERCE",
  description: "Items that are often bought together with the item of the request.",
  algorithm: "aws-ecomm-frequently-bought-together",
  hyperparameters: [],
  request: { userId: "unused", itemId: "required", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["Purchase"] },
  hasBatchInference: false,
  learner: "bought-together",
} as const satisfies Recipe;
