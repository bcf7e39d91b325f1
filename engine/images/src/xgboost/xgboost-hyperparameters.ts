import type { HyperparameterDefinition } from "../image.ts";
import { learningHyperparameters } from "./learning-hyperparameters.ts";
import { runningHyperparameters } from "./running-hyperparameters.ts";
import { treeHyperparameters } from "./tree-hyperparameters.ts";

/** "XGBoost hyperparameters" of the SageMaker developer guide, and those that its container takes besides; tunable as in "Tune an XGBoost Model". */
export const xgboostHyperparameters: readonly HyperparameterDefinition[] = [
  ...learningHyperparameters,
  ...treeHyperparameters,
  ...runningHyperparameters,
];
