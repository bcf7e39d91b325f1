import type { Recipe } from "./recipe.ts";

/** What users took among actions, blended as items are in user personalization; the items of its model are the actions. */
export const awsNextBestAction = {
  name: "aws-next-best-action",
  type: "PERSONALIZED_ACTIONS",
  description: "The actions, such as joining a programme, that a user will most likely take.",
  algorithm: "aws-next-best-action",
  hyperparameters: [],
  featureTransformationParameters: [
    {
      name: "action_optimization_period",
      type: "integer",
      default: "14",
      minimum: 7,
      maximum: 28,
      tunable: false,
      meaning: "None: the part of the data that weights are learned on is chosen like that of items.",
    },
  ],
  explores: true,
  request: { userId: "required", itemId: "unused", inputList: "unused" },
  data: { required: ["Actions"], optional: ["Action_Interactions", "Interactions", "Items", "Users"] },
  canUpdate: false,
  hasBatchInference: false,
  hasScores: true,
  learner: "actions",
} as const satisfies Recipe;
