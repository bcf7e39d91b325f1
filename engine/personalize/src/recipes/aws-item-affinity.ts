import type { Recipe } from "./recipe.ts";
import { hiddenDimension } from "./sequence-parameters.ts";

/** The users whom the personal scores of an item are highest for. */
export const awsItemAffinity = {
  name: "aws-item-affinity",
  type: "USER_SEGMENTATION",
  description: "The users with the highest affinity to each item of a batch segment job.",
  algorithm: "aws-item-affinity",
  featureTransformation: "item-affinity",
  hyperparameters: [hiddenDimension],
  featureTransformationParameters: [],
  explores: false,
  request: { userId: "unused", itemId: "unused", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"] },
  canUpdate: false,
  hasBatchInference: false,
  hasScores: false,
  learner: "segments",
} as const satisfies Recipe;
