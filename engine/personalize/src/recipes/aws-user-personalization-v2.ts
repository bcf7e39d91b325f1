import { awsUserPersonalization } from "./aws-user-personalization.ts";
import type { Recipe } from "./recipe.ts";
import { recencyBiasParameters } from "./sequence-parameters.ts";

/** The same blend as aws-user-personalization, over all users whatever the length of their histories. */
export const awsUserPersonalizationV2 = {
  ...awsUserPersonalization,
  name: "aws-user-personalization-v2",
  algorithm: "aws-user-personalization-v2",
  hyperparameters: recencyBiasParameters,
  featureTransformationParameters: [],
} as const satisfies Recipe;
