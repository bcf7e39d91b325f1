import { awsEcommCustomersWhoViewedXAlsoViewed } from "./aws-ecomm-customers-who-viewed-x-also-viewed.ts";
import { awsEcommFrequentlyBoughtTogether } from "./aws-ecomm-frequently-bought-together.ts";
import { awsEcommPopularItemsByPurchases } from "./aws-ecomm-popular-items-by-purchases.ts";
import { awsEcommPopularItemsByViews } from "./aws-ecomm-popular-items-by-views.ts";
import { awsEcommRecommendedForYou } from "./aws-ecomm-recommended-for-you.ts";
import { awsItemAffinity } from "./aws-item-affinity.ts";
import { awsItemAttributeAffinity } from "./aws-item-attribute-affinity.ts";
import { awsNextBestAction } from "./aws-next-best-action.ts";
import { awsPersonalizedRanking } from "./aws-personalized-ranking.ts";
import { awsPersonalizedRankingV2 } from "./aws-personalized-ranking-v2.ts";
import { awsPopularityCount } from "./aws-popularity-count.ts";
import { awsSimilarItems } from "./aws-similar-items.ts";
import { awsSims } from "./aws-sims.ts";
import { awsTrendingNow } from "./aws-trending-now.ts";
import { awsUserPersonalization } from "./aws-user-personalization.ts";
import { awsUserPersonalizationV2 } from "./aws-user-personalization-v2.ts";
import { awsVodBecauseYouWatchedX } from "./aws-vod-because-you-watched-x.ts";
import { awsVodMoreLikeX } from "./aws-vod-more-like-x.ts";
import { awsVodMostPopular } from "./aws-vod-most-popular.ts";
import { awsVodTopPicks } from "./aws-vod-top-picks.ts";
import { awsVodTrendingNow } from "./aws-vod-trending-now.ts";
import type { Recipe } from "./recipe.ts";

/** Every recipe, in ListRecipes' order. */
export const recipes = [
  awsUserPersonalization,
  awsUserPersonalizationV2,
  awsPersonalizedRanking,
  awsPersonalizedRankingV2,
  awsSims,
  awsSimilarItems,
  awsPopularityCount,
  awsTrendingNow,
  awsItemAffinity,
  awsItemAttributeAffinity,
  awsNextBestAction,
  awsEcommPopularItemsByViews,
  awsEcommPopularItemsByPurchases,
  awsEcommFrequentlyBoughtTogether,
  awsEcommCustomersWhoViewedXAlsoViewed,
  awsEcommRecommendedForYou,
  awsVodBecauseYouWatchedX,
  awsVodMoreLikeX,
  awsVodMostPopular,
  awsVodTrendingNow,
  awsVodTopPicks,
] as const satisfies readonly Recipe[];

export type RecipeName = (typeof recipes)[number]["name"];

/** Recipes of the first years, which AWS no longer offers for new solutions, and what takes their place. */
export const replacedRecipes = {
  "aws-hrnn": "aws-user-personalization",
  "aws-hrnn-metadata": "aws-user-personalization",
  "aws-hrnn-coldstart": "aws-user-personalization",
} as const satisfies Readonly<Record<string, RecipeName>>;

/** `aws-sims` by its name; undefined for one that does not exist, also for one that was replaced. */
export function findRecipe(name: string): Recipe | undefined {
  return recipes.find((recipe) => recipe.name === name);
}
