import type { Recipe } from "@rondo/personalize";
import { awsError } from "@rondo/wire";

/** Throws InvalidInputException for an itemExplorationConfig that the recipe does not have, or with values outside of AWS's ranges. */
export function checkItemExploration(recipe: Recipe, config: Readonly<Record<string, string>> | undefined): void {
  if (config === undefined || Object.keys(config).length === 0) return;
  if (!recipe.explores) {
    throw awsError("InvalidInputException", `itemExplorationConfig is not supported by the recipe ${recipe.name}.`);
  }
  for (const [name, value] of Object.entries(config)) {
    const problem = findProblem(name, value);
    if (problem !== undefined) throw awsError("InvalidInputException", problem);
  }
}

/** As the guide states it for User-Personalization: weight 0.3, age 30 days. */
function findProblem(name: string, value: string): string | undefined {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (name === "explorationWeight") {
    return number >= 0 && number <= 1 ? undefined : `explorationWeight must be a number from 0 to 1, not ${value}.`;
  }
  if (name === "explorationItemAgeCutOff") {
    return number >= 0 && Number.isFinite(number)
      ? undefined
      : `explorationItemAgeCutOff must be a number of days, 0 or more, not ${value}.`;
  }
  return `itemExplorationConfig has explorationWeight and explorationItemAgeCutOff, not ${name}.`;
}
