import { awsUserPersonalizationV2 } from "./aws-user-personalization-v2.ts";
import type { Recipe } from "./recipe.ts";

/** User personalization, learned from views and purchases. */
export const awsEcommRecommendedForYou = {
  ...awsUserPersonalizationV2,
  name: "aws-ecomm-recommended-for-you",
  domain: "ECOMMERCE",
  description: "Items for a user, without those that the user bought.",
  algorithm: "aws-ecomm-recommended-for-you",
  hyperparameters: [],
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["View", "Purchase"] },
  canUpdate: false,
  hasBatchInference: false,
  hides: ["Purchase"],
} as const satisfies Recipe;
