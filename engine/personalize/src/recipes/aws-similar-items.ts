import type { Recipe } from "./recipe.ts";

/** Co-occurrence and likeness of metadata as one blend, so that items that nobody knows yet have similar ones too. */
export const awsSimilarItems = {
  name: "aws-similar-items",
  type: "RELATED_ITEMS",
  description: "Items that are similar to the item of the request by interactions and by metadata.",
  algorithm: "aws-similar-items",
  hyperparameters: [
    {
      name: "item_id_hidden_dim",
      type: "integer",
      default: "100",
      minimum: 30,
      maximum: 200,
      tunable: true,
      meaning: "Neighbours that are kept of each item by interactions: five for each.",
    },
    {
      name: "item_metadata_hidden_dim",
      type: "integer",
      default: "100",
      minimum: 30,
      maximum: 200,
      tunable: true,
      meaning: "Neighbours that are kept of each item by metadata: two for each.",
    },
  ],
  featureTransformationParameters: [],
  explores: false,
  request: { userId: "optional", itemId: "required", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items"] },
  canUpdate: false,
  hasBatchInference: true,
  hasScores: false,
  learner: "similar-items",
} as const satisfies Recipe;
