import { awsTrendingNow } from "./aws-trending-now.ts";
import type { Recipe } from "./recipe.ts";

/** The videos whose watching rises most, from one day to the next. */
export const awsVodTrendingNow = {
  ...awsTrendingNow,
  name: "aws-vod-trending-now",
  domain: "VIDEO_ON_DEMAND",
  description: "Videos that are rapidly becoming more popular.",
  algorithm: "aws-vod-trending-now",
  data: { required: ["Interactions"], optional: ["Items", "Users"], eventTypes: ["Watch"] },
} as const satisfies Recipe;
