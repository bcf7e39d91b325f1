import assert from "node:assert/strict";
import { test } from "node:test";
import { readRecipe } from "./recipe.ts";

test("the same data and settings have the same name, which SageMaker accepts", async () => {
  const [one, other] = await Promise.all([readRecipe(), readRecipe()]);
  assert.equal(one.name, other.name);
  assert.match(one.name, /^sentiment-[0-9a-f]{8}$/);
  assert.equal(one.testFile.split("\n").length - 1, one.split.test.length);
});
