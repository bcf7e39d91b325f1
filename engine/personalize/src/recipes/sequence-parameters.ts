import type { RecipeParameter } from "./recipe.ts";

export const hiddenDimension: RecipeParameter = {
  name: "hidden_dimension",
  type: "integer",
  default: "149",
  minimum: 32,
  maximum: 256,
  tunable: true,
  meaning: "Factors of the matrix factorisation: 64 for the default of 149, others in proportion.",
};

/** Of the recipes that AWS trains as recurrent networks. */
export const sequenceParameters: readonly RecipeParameter[] = [
  hiddenDimension,
  {
    name: "bptt",
    type: "integer",
    default: "32",
    minimum: 2,
    maximum: 32,
    tunable: true,
    meaning: "Events before and after each one that the sequential component looks at.",
  },
  {
    name: "recency_mask",
    type: "categorical",
    values: ["True", "False"],
    default: "True",
    tunable: true,
    meaning: "Whether the newest events of a history, and recent popularity, may count more than older ones.",
  },
];

/** Of the second generation of recipes. */
export const recencyBiasParameters: readonly RecipeParameter[] = [
  {
    name: "apply_recency_bias",
    type: "categorical",
    values: ["true", "false"],
    default: "true",
    tunable: false,
    meaning: "Whether the newest events of a history, and recent popularity, may count more than older ones.",
  },
];
