import { awsPersonalizedRanking } from "./aws-personalized-ranking.ts";
import type { Recipe } from "./recipe.ts";
import { recencyBiasParameters } from "./sequence-parameters.ts";

/** The same as aws-personalized-ranking, over all users whatever the length of their histories. */
export const awsPersonalizedRankingV2 = {
  ...awsPersonalizedRanking,
  name: "aws-personalized-ranking-v2",
  algorithm: "aws-personalized-ranking-v2",
  hyperparameters: recencyBiasParameters,
  featureTransformationParameters: [],
} as const satisfies Recipe;
