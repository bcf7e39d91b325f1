import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DAY } from "@rondo/personalize/testing";
import type { Resource } from "@rondo/store";
import {
  type CampaignHouse,
  campaignArn,
  campaignOwner,
  eventually,
  openCampaignHouse,
} from "../testing/campaign-house.ts";

const ARN = campaignArn("campaign/offers");
const TASTES = "s3://models/aws-user-personalization";
const DEADLINE_MS = 10_000;

interface AskedFilter {
  readonly arn: string;
  readonly values?: Readonly<Record<string, string>>;
}

async function ask({ campaigns }: CampaignHouse, userId: string, filter?: AskedFilter, arn = ARN): Promise<string[]> {
  const opened = await campaigns.open(campaignOwner, { arn, filters: [filter] });
  return opened.campaign.recommender
    .recommend({ userId, numResults: 5, filter: opened.filters[0] })
    .items.map(({ itemId }) => itemId);
}

const tastes = (items: readonly string[]): string => items.map(([taste]) => taste).join("");

async function click({ records, group }: CampaignHouse, userId: string | undefined, itemId: string, sessionId = "s") {
  const content = { ITEM_ID: itemId, EVENT_TYPE: "View", TIMESTAMP: 100 * DAY };
  await records.put(group.id, [{ dataset: "Interactions", userId, sessionId, content }]);
}

suite("campaigns in memory", () => {
  test("a campaign answers from memory once it is loaded, and a model is read once", async () => {
    await using house = await openCampaignHouse();
    await house.insert("campaign", "offers", house.campaignBody(TASTES));
    await house.insert("campaign", "others", house.campaignBody(TASTES));
    const [one, other] = await Promise.all([
      ask(house, "u0"),
      ask(house, "u0", undefined, campaignArn("campaign/others")),
    ]);
    assert.equal(tastes(one), "aaaaa");
    assert.deepEqual(other, one);
    assert.ok(!(house.campaigns.open(campaignOwner, { arn: ARN, filters: [] }) instanceof Promise));
    assert.deepEqual(house.loads, [TASTES]);
  });

  test("an event that was put changes the very next answer", async () => {
    await using house = await openCampaignHouse();
    await house.insert("campaign", "offers", house.campaignBody(TASTES));
    const popular = await ask(house, "stranger");
    await click(house, "stranger", "b4");
    const after = await ask(house, "stranger");
    assert.notDeepEqual(after, popular);
    assert.equal(tastes(after), "bbbbb");
  });

  test("events that came before the campaign was loaded count too, those of a session for the user who logs in", async () => {
    await using house = await openCampaignHouse();
    await click(house, undefined, "b4", "browser");
    await house.insert("campaign", "offers", house.campaignBody(TASTES));
    assert.equal(tastes(await ask(house, "browser")), "bbbbb");
    const popular = await ask(house, "customer");
    await click(house, "customer", "unknown item", "browser");
    assert.equal(tastes(await ask(house, "customer")), "bbbbb");
    assert.deepEqual(await ask(house, "browser"), popular);
  });

  test("an erased user is forgotten", async () => {
    await using house = await openCampaignHouse();
    await house.insert("campaign", "offers", house.campaignBody(TASTES));
    const popular = await ask(house, "stranger");
    await click(house, "stranger", "b4");
    assert.notDeepEqual(await ask(house, "stranger"), popular);
    await house.records.deleteUser({ groupId: house.group.id, userId: "stranger", limit: 100 });
    assert.deepEqual(await ask(house, "stranger"), popular);
  });

  test("an item that was put can be found by filters and is tried out", async () => {
    await using house = await openCampaignHouse();
    const itemExplorationConfig = { explorationWeight: "0.5", explorationItemAgeCutOff: "0" };
    const config = { itemExplorationConfig };
    await house.insert("campaign", "offers", house.campaignBody(TASTES, config));
    await house.insertFilter("by-category", "INCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)");
    const filter = { arn: campaignArn("filter/by-category"), values: { CATEGORY: '"fresh"' } };
    assert.deepEqual(await ask(house, "u0", filter), []);
    await house.records.put(house.group.id, [{ dataset: "Items", content: { ITEM_ID: "d0", CATEGORY: "fresh" } }]);
    await eventually(async () => (await ask(house, "u0", filter)).join() === "d0");
    await eventually(async () => (await ask(house, "u0"))[0] === "d0");
    const { campaign } = await house.campaigns.open(campaignOwner, { arn: ARN, filters: [] });
    const { items } = campaign.recommender.recommend({ userId: "u0", numResults: 3 });
    campaign.logExploration({ recommendationId: "id", userId: "u0", items });
    await house.campaigns.flush();
    const shown = items.map(({ itemId, propensity }) => [itemId, propensity]);
    assert.equal(shown[0]?.[1], 0.5);
    const [line] = house.lines.map(({ message }) => message);
    assert.equal(line, JSON.stringify({ recommendationId: "id", userId: "u0", shown }));
  });
});

suite("changes of campaigns", () => {
  test("an update goes over to the prepared model without a request that waits or fails", async () => {
    await using house = await openCampaignHouse();
    const row = await house.insert("campaign", "offers", house.campaignBody(TASTES));
    assert.equal((await ask(house, "u0"))[0]?.[0], "a");
    await house.campaigns.prepare("s3://models/other", AbortSignal.timeout(DEADLINE_MS));
    await house.resources.update(row as Resource, { body: house.campaignBody("s3://models/other") });
    await eventually(async () => {
      const answer = await ask(house, "u0");
      assert.ok(answer.length > 0);
      return answer[0]?.[0] === "c";
    });
    assert.deepEqual(house.loads, [TASTES, "s3://models/other"]);
  });

  test("a campaign that is deleted is gone, one that was never ready says so", async () => {
    await using house = await openCampaignHouse();
    const row = await house.insert("campaign", "offers", house.campaignBody(TASTES));
    await house.insert(
      "campaign",
      "young",
      { datasetGroupArn: campaignArn("dataset-group/shop") },
      "CREATE IN_PROGRESS",
    );
    await ask(house, "u0");
    await house.resources.delete(row);
    const message = `Resource Arn ${ARN} does not exist.`;
    await eventually(async () => {
      const error = await ask(house, "u0").then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      return error?.message === message;
    });
    await assert.rejects(ask(house, "u0", undefined, campaignArn("campaign/young")), {
      code: "NotFound",
      message: /CREATE IN_PROGRESS/,
    });
    for (const foreign of ["nonsense", campaignArn("filter/x"), ARN.replace("111122223333", "444455556666")]) {
      await assert.rejects(ask(house, "u0", undefined, foreign), { code: "NotFound" });
    }
  });

  test("a model that cannot be read makes the campaign unavailable, until it can", async () => {
    await using house = await openCampaignHouse();
    const row = await house.insert("campaign", "offers", house.campaignBody("s3://models/none"));
    await assert.rejects(ask(house, "u0"), { code: "Unavailable", message: /no model s3:\/\/models\/none/ });
    await house.resources.update(row as Resource, { body: house.campaignBody(TASTES) });
    assert.equal((await ask(house, "u0"))[0]?.[0], "a");
  });

  test("filters: unknown ones, those of others and wrong values are refused", async () => {
    await using house = await openCampaignHouse();
    await house.insert("campaign", "offers", house.campaignBody(TASTES));
    const filterExpression = "INCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)";
    await house.insertFilter("ours", filterExpression);
    await house.insert("filter", "theirs", { datasetGroupArn: campaignArn("dataset-group/other"), filterExpression });
    await assert.rejects(ask(house, "u0", { arn: campaignArn("filter/none") }), { code: "NotFound" });
    await assert.rejects(ask(house, "u0", { arn: campaignArn("filter/theirs") }), { code: "InvalidInput" });
    await assert.rejects(ask(house, "u0", { arn: campaignArn("filter/ours") }), {
      code: "InvalidInput",
      message: /CATEGORY/,
    });
  });

  test("metrics are CloudWatch's", async () => {
    await using house = await openCampaignHouse();
    await house.insert("campaign", "offers", house.campaignBody(TASTES));
    const { campaign } = await house.campaigns.open(campaignOwner, { arn: ARN, filters: [] });
    campaign.meter.record("GetRecommendations", 2000);
    campaign.meter.record("GetRecommendations", 4000);
    await house.campaigns.flush();
    const dimensions = { CampaignArn: ARN };
    const sumOf = async (name: string): Promise<number | undefined> => {
      const seriesId = await house.metrics.findSeries({
        ...campaignOwner,
        namespace: "AWS/Personalize",
        name,
        dimensions,
      });
      assert.ok(seriesId !== undefined, name);
      const range = { from: 0, to: 2 ** 33, period: 60, origin: 0, separateUnits: false, percentiles: [], limit: 100 };
      return (await house.metrics.readStatistics({ seriesId, ...range }))[0]?.sum;
    };
    assert.equal(await sumOf("GetRecommendations"), 2);
    assert.equal(await sumOf("GetRecommendationsLatency"), 6);
  });
});
