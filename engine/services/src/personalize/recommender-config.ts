import type { RecommenderConfig } from "@aws-sdk/client-personalize";
import type { Recipe } from "@rondo/personalize";
import { checkItemExploration } from "./item-exploration.ts";
import { checkTrainingData } from "./solution-config.ts";

/** Throws InvalidInputException for what the recipe does not have, or what is out of range. */
export function checkRecommenderConfig(
  recipe: Recipe,
  { itemExplorationConfig, trainingDataConfig }: RecommenderConfig,
): void {
  checkItemExploration(recipe, itemExplorationConfig);
  checkTrainingData(trainingDataConfig);
}
