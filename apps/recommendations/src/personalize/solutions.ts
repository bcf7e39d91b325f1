import type { RecommendationsSettings } from "../settings.ts";

/** What is trained, each with a campaign of its own (P-14). */
export const SOLUTIONS = ["user-personalization", "similar-items", "ranking"] as const;

export type Solution = (typeof SOLUTIONS)[number];

/** P-11 to P-13, and what AWS has put in their place (P-X4). */
const RECIPES = {
  original: {
    "user-personalization": "aws-user-personalization",
    "similar-items": "aws-sims",
    ranking: "aws-personalized-ranking",
  },
  successors: {
    "user-personalization": "aws-user-personalization-v2",
    "similar-items": "aws-similar-items",
    ranking: "aws-personalized-ranking-v2",
  },
} as const satisfies Record<RecommendationsSettings["recipes"], Record<Solution, string>>;

export function recipeArn(generation: RecommendationsSettings["recipes"], solution: Solution): string {
  return `arn:aws:personalize:::recipe/${RECIPES[generation][solution]}`;
}

/** A solution's name: another recipe is another solution, since a solution's recipe is for good. */
export function solutionName(generation: RecommendationsSettings["recipes"], solution: Solution): string {
  return generation === "original" ? `mastergroup-${solution}` : `mastergroup-${solution}-v2`;
}
