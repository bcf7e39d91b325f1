import { historyLengthParameters } from "./history-length-parameters.ts";
import type { Recipe } from "./recipe.ts";
import { sequenceParameters } from "./sequence-parameters.ts";

/** A blend of algorithms, chosen and weighed on a hold-out by time inside the training data. */
export const awsUserPersonalization = {
  name: "aws-user-personalization",
  type: "USER_PERSONALIZATION",
  description:
    "Predicts the items that a user will interact with, from interactions, item and user metadata, and explores new items.",
  algorithm: "aws-user-personalization",
  featureTransformation: "JSON-percentile-filtering",
  hyperparameters: sequenceParameters,
  featureTransformationParameters: historyLengthParameters("0.0", "0.99"),
  explores: true,
  request: { userId: "required", itemId: "unused", inputList: "unused" },
  data: { required: ["Interactions"], optional: ["Items", "Users"] },
  canUpdate: true,
  hasBatchInference: true,
  hasScores: true,
  learner: "personalization",
} as const satisfies Recipe;
