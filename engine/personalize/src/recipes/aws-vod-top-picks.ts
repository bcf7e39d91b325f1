import { awsUserPersonalizationV2 } from "./aws-user-personalization-v2.ts";
import type { Recipe } from "./recipe.ts";

/** User personalization, learned from watching. */
export const awsVodTopPicks = {
  ...awsUserPersonalizationV2,
  name: "aws-vod-top-picks",
  domain: "VIDEO_ON_DEMAND",
  description: "Videos for a user, without those that the user watched.",
  algorithm: "aws-vod-top-picks",
  hyperparameters: [],
  data: { required: ["Interactions", "Items"], optional: ["Users"], eventTypes: ["Watch"] },
  canUpdate: false,
  hasBatchInference: false,
  hides: ["Watch"],
} as const satisfies Recipe;
