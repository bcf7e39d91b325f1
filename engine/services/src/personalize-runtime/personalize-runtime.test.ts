import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetActionRecommendationsCommand,
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
  type GetRecommendationsCommandInput,
  type GetRecommendationsCommandOutput,
  type PredictedItem,
} from "@aws-sdk/client-personalize-runtime";
import { campaignArn } from "@rondo/serve/testing";
import { openRuntimeHouse, type RuntimeHouse } from "./testing/runtime-house.ts";

const OFFERS = campaignArn("campaign/offers");

async function openWithCampaigns(path: "direct" | "schemas"): Promise<RuntimeHouse> {
  const house = await openRuntimeHouse(path);
  const campaigns = {
    offers: house.campaignBody("s3://models/aws-user-personalization", { enableMetadataWithRecommendations: true }),
    second: house.campaignBody("s3://models/aws-user-personalization-v2"),
    similar: house.campaignBody("s3://models/aws-sims"),
    ranking: house.campaignBody("s3://models/aws-personalized-ranking"),
    actions: house.campaignBody("s3://models/aws-next-best-action"),
  };
  for (const [name, body] of Object.entries(campaigns)) await house.insert("campaign", name, body);
  await house.insert("recommender", "popular", house.campaignBody("s3://models/aws-ecomm-popular-items-by-views"));
  await house.insertFilter("category", "INCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)");
  await house.insertFilter("fresh", 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")');
  return house;
}

function recommend(
  house: RuntimeHouse,
  input: GetRecommendationsCommandInput,
): Promise<GetRecommendationsCommandOutput> {
  return house.runtime.send(new GetRecommendationsCommand({ campaignArn: OFFERS, ...input }));
}

const idsOf = (items: readonly PredictedItem[] = []): string[] => items.map(({ itemId = "" }) => itemId);
const tastesOf = (items: readonly PredictedItem[] = []): string =>
  idsOf(items)
    .map(([taste]) => taste)
    .join("");
const sumOf = (items: readonly PredictedItem[] = []): number => items.reduce((sum, { score = 0 }) => sum + score, 0);

/** Both ways of GetRecommendations and GetPersonalizedRanking say the same. */
for (const path of ["direct", "schemas"] as const) {
  test(`answers of campaigns (${path})`, async (context) => {
    await using house = await openWithCampaigns(path);

    await context.test("25 items where no number is asked for, with scores that sum to 1 and an id", async () => {
      const { itemList, recommendationId } = await recommend(house, { userId: "u0" });
      assert.equal(itemList?.length, 20);
      assert.equal(tastesOf(itemList?.slice(0, 5)), "aaaaa");
      assert.ok(Math.abs(sumOf(itemList) - 1) < 1e-4);
      assert.match(recommendationId ?? "", /^RID-[0-9a-f-]{36}$/);
      assert.deepEqual(Object.keys(itemList?.[0] ?? {}), ["itemId", "score"]);
      assert.equal((await recommend(house, { userId: "u0", numResults: 3 })).itemList?.length, 3);
    });

    await context.test("filters with values, and promotions", async () => {
      const filterArn = campaignArn("filter/category");
      const filterValues = { CATEGORY: '"odd"' };
      const { itemList } = await recommend(house, { userId: "u1", filterArn, filterValues });
      assert.deepEqual(new Set(idsOf(itemList)), new Set(["a1", "b1"]));
      const both = await recommend(house, { userId: "u1", filterArn, filterValues: { CATEGORY: '"odd","even"' } });
      assert.equal(both.itemList?.length, 5);
      const fresh = await recommend(house, { userId: "u0", filterArn: campaignArn("filter/fresh") });
      assert.equal(fresh.itemList?.length, 14);
      const promotion = { name: "odd-ones", percentPromotedItems: 20, filterArn, filterValues };
      const promoted = await recommend(house, { userId: "u0", numResults: 10, promotions: [promotion] });
      const names = promoted.itemList?.filter(({ promotionName }) => promotionName === "odd-ones");
      assert.deepEqual(new Set(idsOf(names)), new Set(["a1", "b1"]));
      assert.equal(promoted.itemList?.length, 10);
    });

    await context.test("metadata where the campaign gives it, reasons of the second version", async () => {
      const metadataColumns = { ITEMS: ["CATEGORY"] };
      const { itemList } = await recommend(house, { userId: "u0", metadataColumns });
      const told = new Map(itemList?.map(({ itemId, metadata }) => [itemId, metadata]));
      assert.deepEqual(told.get("a1"), { CATEGORY: "odd" });
      const { itemList: popular } = await recommend(house, {
        campaignArn: campaignArn("campaign/second"),
        userId: "nobody",
        numResults: 1,
      });
      assert.deepEqual(popular?.[0]?.reason, ["Popular item"]);
    });

    await context.test("similar items and recommenders have no scores", async () => {
      const similar = await recommend(house, {
        campaignArn: campaignArn("campaign/similar"),
        itemId: "b0",
        numResults: 4,
      });
      assert.equal(tastesOf(similar.itemList), "bbbb");
      assert.equal(similar.itemList?.[0]?.score, undefined);
      const popular = await house.runtime.send(
        new GetRecommendationsCommand({
          recommenderArn: campaignArn("recommender/popular"),
          userId: "u0",
          numResults: 6,
        }),
      );
      assert.deepEqual(new Set(idsOf(popular.itemList)), new Set(["a0", "a1", "a2", "b0", "b1", "b2"]));
    });

    await context.test("a list is put into the user's order", async () => {
      const { personalizedRanking, recommendationId } = await house.runtime.send(
        new GetPersonalizedRankingCommand({
          campaignArn: campaignArn("campaign/ranking"),
          userId: "u1",
          inputList: ["a0", "none", "b0"],
        }),
      );
      assert.deepEqual(idsOf(personalizedRanking), ["b0", "a0", "none"]);
      assert.ok(Math.abs(sumOf(personalizedRanking) - 1) < 1e-4);
      assert.match(recommendationId ?? "", /^RID-/);
    });

    await context.test("actions are recommended like items", async () => {
      const { actionList } = await house.runtime.send(
        new GetActionRecommendationsCommand({ campaignArn: campaignArn("campaign/actions"), userId: "u0" }),
      );
      assert.equal(actionList?.length, 5);
      assert.deepEqual(Object.keys(actionList?.[0] ?? {}), ["actionId", "score"]);
    });

    await context.test("what is wrong is refused in AWS's form", async () => {
      const refused = (input: GetRecommendationsCommandInput, name: string, message: RegExp) =>
        assert.rejects(recommend(house, input), { name, message });
      await refused({}, "InvalidInputException", /needs a userId/);
      await refused({ userId: "u0", numResults: 501 }, "InvalidInputException", /at most 500/);
      await refused({ userId: "u0", numResults: -1 }, "InvalidInputException", /numResults/);
      await refused({ userId: "u".repeat(257) }, "InvalidInputException", /userId/);
      await refused({ campaignArn: campaignArn("campaign/none") }, "ResourceNotFoundException", /does not exist/);
      await refused({ campaignArn: undefined }, "InvalidInputException", /either a campaignArn or a recommenderArn/);
      await refused(
        { userId: "u0", filterArn: campaignArn("filter/none") },
        "ResourceNotFoundException",
        /filter.none/,
      );
      await refused({ userId: "u0", filterArn: campaignArn("filter/category") }, "InvalidInputException", /CATEGORY/);
      await refused({ userId: "u0", promotions: [{ name: "x" }] }, "InvalidInputException", /promotion/);
      await refused({ userId: "u0", metadataColumns: { ITEMS: ["NONE"] } }, "InvalidInputException", /NONE/);
      await refused({ userId: "u0", metadataColumns: { USERS: ["AGE"] } }, "InvalidInputException", /ITEMS/);
      const second = campaignArn("campaign/second");
      const metadataColumns = { ITEMS: ["CATEGORY"] };
      await refused({ campaignArn: second, userId: "u0", metadataColumns }, "InvalidInputException", /not enabled/);
      await refused({ campaignArn: campaignArn("campaign/ranking"), userId: "u0" }, "InvalidInputException", /Ranking/);
      await assert.rejects(
        house.runtime.send(new GetPersonalizedRankingCommand({ campaignArn: OFFERS, userId: "u0", inputList: ["a0"] })),
        { name: "InvalidInputException", message: /GetRecommendations/ },
      );
      await assert.rejects(recommend(house, { userId: "u0", campaignArn: campaignArn("campaign/none") }), (error) => {
        assert.equal((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode, 404);
        return true;
      });
    });

    await context.test("answers are counted", async () => {
      await house.campaigns.flush();
      const dimensions = { CampaignArn: OFFERS };
      const metric = { accountId: "111122223333", region: "eu-west-1", namespace: "AWS/Personalize", dimensions };
      for (const name of ["GetRecommendations", "GetRecommendationsLatency"]) {
        assert.ok((await house.metrics.findSeries({ ...metric, name })) !== undefined, name);
      }
    });
  });
}
