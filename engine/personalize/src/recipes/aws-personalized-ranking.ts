import { awsUserPersonalization } from "./aws-user-personalization.ts";
import type { Recipe } from "./recipe.ts";

/** The scores of user personalization over the items of the request; nothing is explored. */
export const awsPersonalizedRanking = {
  ...awsUserPersonalization,
  name: "aws-personalized-ranking",
  type: "PERSONALIZED_RANKING",
  description: "Puts a list of items that the request names into the order of a user's interest.",
  algorithm: "aws-personalized-ranking",
  explores: false,
  request: { userId: "required", itemId: "unused", inputList: "required" },
  canUpdate: false,
} as const satisfies Recipe;
