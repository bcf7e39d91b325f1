import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings, SettingsError } from "../settings.ts";
import { recipeArn, SOLUTIONS, solutionName } from "./solutions.ts";

const recipes = (environment: NodeJS.ProcessEnv) => {
  const generation = readSettings(environment).recipes;
  return SOLUTIONS.map((solution) => recipeArn(generation, solution).split("/")[1]);
};

test("the recipes are those that were asked for, and a setting switches to their successors", () => {
  assert.deepEqual(recipes({}), ["aws-user-personalization", "aws-sims", "aws-personalized-ranking"]);
  assert.deepEqual(recipes({ PERSONALIZE_RECIPES: "successors" }), [
    "aws-user-personalization-v2",
    "aws-similar-items",
    "aws-personalized-ranking-v2",
  ]);
  assert.throws(() => recipes({ PERSONALIZE_RECIPES: "newest" }), SettingsError);
});

test("another recipe is another solution", () => {
  for (const solution of SOLUTIONS) {
    assert.notEqual(solutionName("original", solution), solutionName("successors", solution));
  }
});
