import assert from "node:assert/strict";
import { test } from "node:test";
import { ParameterError } from "@rondo/learn";
import { findRecipe, recipes, replacedRecipes } from "./recipes.ts";
import { resolveRecipeParameters } from "./resolve-recipe-parameters.ts";

const parametersOf = (recipe: (typeof recipes)[number]) => [
  ...recipe.hyperparameters,
  ...recipe.featureTransformationParameters,
];

test("every recipe is found by its name, which is its own", () => {
  for (const recipe of recipes) assert.equal(findRecipe(recipe.name), recipe);
  assert.equal(new Set(recipes.map(({ name }) => name)).size, 21);
});

test("the recipes of the first years are gone, and what replaces them is there", () => {
  for (const [old, current] of Object.entries(replacedRecipes)) {
    assert.equal(findRecipe(old), undefined);
    assert.notEqual(findRecipe(current), undefined);
  }
});

test("defaults are inside of their ranges, and a value outside is refused by name", () => {
  for (const recipe of recipes) {
    for (const parameter of parametersOf(recipe)) {
      assert.equal(resolveRecipeParameters([parameter], {})[parameter.name], parameter.default);
      const outside = parameter.type === "categorical" ? "sometimes" : String(parameter.maximum + 1);
      assert.throws(
        () => resolveRecipeParameters([parameter], { [parameter.name]: outside }),
        (error: unknown) => error instanceof ParameterError && error.parameter === parameter.name,
      );
    }
  }
});

test("an integer has no fraction, a number is one, and unknown names are refused", () => {
  const [hiddenDimension] = findRecipe("aws-item-affinity")?.hyperparameters ?? [];
  assert.ok(hiddenDimension);
  for (const value of ["64.5", "", "many"]) {
    assert.throws(
      () => resolveRecipeParameters([hiddenDimension], { hidden_dimension: value }),
      /an integer from 32 to 256/,
    );
  }
  assert.throws(
    () => resolveRecipeParameters([hiddenDimension], { depth: "3" }),
    /Unknown hyperparameter depth.*hidden_dimension/,
  );
});
