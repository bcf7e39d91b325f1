import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DescribeAlgorithmCommand,
  DescribeFeatureTransformationCommand,
  DescribeRecipeCommand,
  ListRecipesCommand,
  paginateListRecipes,
} from "@aws-sdk/client-personalize";
import { createManualClock } from "@rondo/control/testing";
import { recipes } from "@rondo/personalize";
import { openTestSql } from "@rondo/store/testing";
import { openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

async function startServer() {
  const sql = await openTestSql();
  return await startPersonalize(sql, await openPersonalizeHouse(sql, createManualClock()));
}

test("recipes are listed in pages, of a domain or all", async () => {
  await using server = await startServer();
  const names: (string | undefined)[] = [];
  for await (const page of paginateListRecipes({ client: server.client, pageSize: 4 }, {})) {
    assert.ok((page.recipes?.length ?? 0) <= 4);
    names.push(...(page.recipes ?? []).map(({ name }) => name));
  }
  assert.deepEqual(
    names,
    recipes.map(({ name }) => name),
  );
  const shop = await server.client.send(new ListRecipesCommand({ domain: "ECOMMERCE" }));
  assert.equal(shop.recipes?.length, 5);
  assert.ok(shop.recipes?.every(({ name, domain }) => name?.startsWith("aws-ecomm-") && domain === "ECOMMERCE"));
  await assert.rejects(server.client.send(new ListRecipesCommand({ nextToken: "e30" })), {
    name: "InvalidNextTokenException",
  });
});

test("each recipe is described with its algorithm and its feature transformation", async () => {
  await using server = await startServer();
  for (const { name, hyperparameters } of recipes) {
    const recipeArn = `arn:aws:personalize:::recipe/${name}`;
    const { recipe } = await server.client.send(new DescribeRecipeCommand({ recipeArn }));
    assert.equal(recipe?.recipeArn, recipeArn);
    const { algorithmArn, featureTransformationArn } = recipe ?? {};
    const { algorithm } = await server.client.send(new DescribeAlgorithmCommand({ algorithmArn }));
    assert.equal(Object.keys(algorithm?.defaultHyperParameters ?? {}).length, hyperparameters.length);
    if (featureTransformationArn === undefined) continue;
    const described = await server.client.send(new DescribeFeatureTransformationCommand({ featureTransformationArn }));
    assert.equal(described.featureTransformation?.status, "ACTIVE");
  }
});

test("an algorithm's ranges are those of the guide", async () => {
  await using server = await startServer();
  const algorithmArn = "arn:aws:personalize:::algorithm/aws-sims";
  const { algorithm } = await server.client.send(new DescribeAlgorithmCommand({ algorithmArn }));
  assert.deepEqual(algorithm?.defaultHyperParameterRanges?.continuousHyperParameterRanges, [
    { name: "popularity_discount_factor", minValue: 0, maxValue: 1, isTunable: true },
  ]);
  assert.deepEqual(algorithm?.defaultHyperParameterRanges?.integerHyperParameterRanges?.[0], {
    name: "min_cointeraction_count",
    minValue: 0,
    maxValue: 10,
    isTunable: true,
  });
});

test("an old recipe answers with what takes its place, an unknown one is not found", async () => {
  await using server = await startServer();
  const describe = (name: string) =>
    server.client.send(new DescribeRecipeCommand({ recipeArn: `arn:aws:personalize:::recipe/${name}` }));
  await assert.rejects(describe("aws-hrnn-metadata"), {
    name: "InvalidInputException",
    message: /no longer offered\. Use arn:aws:personalize:::recipe\/aws-user-personalization in its place/,
  });
  await assert.rejects(describe("aws-none"), {
    name: "ResourceNotFoundException",
    message: "Resource Arn arn:aws:personalize:::recipe/aws-none does not exist.",
  });
});
