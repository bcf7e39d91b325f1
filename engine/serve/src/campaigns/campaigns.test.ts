import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { AnsweringModel } from "@rondo/personalize";
import { DAY, smallModel, twoTastes } from "@rondo/personalize/testing";
import {
  createDatasetRecords,
  createMetrics,
  createResources,
  type LogEvent,
  type Resource,
  systemClock,
} from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { seededRandom } from "../testing/seeded-random.ts";
import { Campaigns } from "./campaigns.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const arnOf = (name: string): string => `arn:aws:personalize:eu-west-1:111122223333:${name}`;
const GROUP = arnOf("dataset-group/shop");
const ARN = arnOf("campaign/offers");
const DEADLINE_MS = 10_000;

const models: Readonly<Record<string, () => Promise<AnsweringModel>>> = {
  "s3://models/tastes": () => smallModel({ recipe: "aws-user-personalization", events: twoTastes() }),
  // Everybody knows c only.
  "s3://models/other": () =>
    smallModel({
      recipe: "aws-user-personalization",
      events: ["u0", "u1", "u2"].flatMap((user) => [
        { user, item: "c0", time: 1 },
        { user, item: "c1", time: 2 },
      ]),
    }),
};

async function open() {
  const sql = await openTestSql();
  const clock = systemClock;
  const resources = createResources({ sql, clock });
  const records = createDatasetRecords({ sql });
  const metrics = createMetrics({ sql, clock });
  const lines: LogEvent[] = [];
  const loads: string[] = [];
  const campaigns = new Campaigns({
    resources,
    records,
    metrics,
    clock,
    random: seededRandom(1),
    modelAccountId: "rondo",
    logs: { append: async (_stream, events) => void lines.push(...events) },
    cache: { acquire: async ({ url = "" }) => ({ directory: url, release: () => undefined }) },
    async openModel(directory) {
      loads.push(directory);
      const model = models[directory];
      if (model === undefined) throw new Error(`there is no model ${directory}`);
      return await model();
    },
    onError: (error) => assert.fail(String(error)),
  });
  const insert = (type: string, name: string, body: object, status = "ACTIVE") =>
    resources.insert({ ...owner, type: `personalize/${type}`, name, arn: arnOf(`${type}/${name}`), status, body });
  const group = await insert("dataset-group", "shop", {});
  const campaignBody = (modelUri: string, config: object = { itemExplorationConfig: { explorationWeight: "0" } }) => ({
    datasetGroupArn: GROUP,
    live: { modelUri },
    campaignConfig: config,
  });
  // The models of these tests have learned from records up to 10.
  await records.put(
    group.id,
    Array.from({ length: 10 }, () => ({ dataset: "Users", userId: "old", content: {} })),
  );
  const ask = async (userId: string, filter?: { arn: string; values?: Record<string, string> }, arn = ARN) => {
    const opened = await campaigns.open(owner, { arn, filters: [filter] });
    return opened.campaign.recommender
      .recommend({ userId, numResults: 5, filter: opened.filters[0] })
      .items.map(({ itemId }) => itemId);
  };
  const click = (userId: string | undefined, itemId: string, sessionId = `session of ${userId}`) =>
    records.put(group.id, [
      {
        dataset: "Interactions",
        userId,
        sessionId,
        content: { ITEM_ID: itemId, EVENT_TYPE: "View", TIMESTAMP: 100 * DAY },
      },
    ]);
  return {
    resources,
    records,
    metrics,
    campaigns,
    lines,
    loads,
    group,
    insert,
    campaignBody,
    ask,
    click,
    async [Symbol.asyncDispose]() {
      await campaigns.close();
      await sql.close();
    },
  };
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await delay(10)) {
    if (await check()) return;
  }
  assert.fail(`nothing came of it within ${DEADLINE_MS} ms`);
}

suite("campaigns in memory", () => {
  test("a campaign answers from memory once it is loaded, and a model is read once", async () => {
    await using house = await open();
    await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    await house.insert("campaign", "others", house.campaignBody("s3://models/tastes"));
    const [one, other] = await Promise.all([house.ask("u0"), house.ask("u0", undefined, arnOf("campaign/others"))]);
    assert.equal(one.map(([taste]) => taste).join(""), "aaaaa");
    assert.deepEqual(other, one);
    assert.ok(!(house.campaigns.open(owner, { arn: ARN, filters: [] }) instanceof Promise));
    assert.deepEqual(house.loads, ["s3://models/tastes"]);
  });

  test("an event that was put changes the very next answer", async () => {
    await using house = await open();
    await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    const popular = await house.ask("stranger");
    await house.click("stranger", "b4");
    const after = await house.ask("stranger");
    assert.notDeepEqual(after, popular);
    assert.equal(after.map(([taste]) => taste).join(""), "bbbbb");
  });

  test("events that came before the campaign was loaded count too, those of a session for the user who logs in", async () => {
    await using house = await open();
    await house.click(undefined, "b4", "browser");
    await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    assert.equal((await house.ask("browser")).map(([taste]) => taste).join(""), "bbbbb");
    const popular = await house.ask("customer");
    await house.click("customer", "unknown item", "browser");
    assert.equal((await house.ask("customer")).map(([taste]) => taste).join(""), "bbbbb");
    assert.deepEqual(await house.ask("browser"), popular);
  });

  test("an erased user is forgotten", async () => {
    await using house = await open();
    await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    const popular = await house.ask("stranger");
    await house.click("stranger", "b4");
    assert.notDeepEqual(await house.ask("stranger"), popular);
    await house.records.deleteUser({ groupId: house.group.id, userId: "stranger", limit: 100 });
    assert.deepEqual(await house.ask("stranger"), popular);
  });

  test("an item that was put can be found by filters and is tried out", async () => {
    await using house = await open();
    const config = { itemExplorationConfig: { explorationWeight: "0.5", explorationItemAgeCutOff: "0" } };
    await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes", config));
    await house.insert("filter", "by-category", {
      datasetGroupArn: GROUP,
      filterExpression: "INCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)",
    });
    const filter = { arn: arnOf("filter/by-category"), values: { CATEGORY: '"fresh"' } };
    assert.deepEqual(await house.ask("u0", filter), []);
    await house.records.put(house.group.id, [{ dataset: "Items", content: { ITEM_ID: "d0", CATEGORY: "fresh" } }]);
    await eventually(async () => (await house.ask("u0", filter)).join() === "d0");
    await eventually(async () => (await house.ask("u0"))[0] === "d0");
    const { campaign } = await house.campaigns.open(owner, { arn: ARN, filters: [] });
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
    await using house = await open();
    const row = await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    assert.equal((await house.ask("u0"))[0]?.[0], "a");
    await house.campaigns.prepare("s3://models/other", AbortSignal.timeout(DEADLINE_MS));
    await house.resources.update(row as Resource, { body: house.campaignBody("s3://models/other") });
    await eventually(async () => {
      const answer = await house.ask("u0");
      assert.ok(answer.length > 0);
      return answer[0]?.[0] === "c";
    });
    assert.deepEqual(house.loads, ["s3://models/tastes", "s3://models/other"]);
  });

  test("a campaign that is deleted is gone, one that was never ready says so", async () => {
    await using house = await open();
    const row = await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    await house.insert("campaign", "young", { datasetGroupArn: GROUP }, "CREATE IN_PROGRESS");
    await house.ask("u0");
    await house.resources.delete(row);
    const message = `Resource Arn ${ARN} does not exist.`;
    await eventually(async () => {
      const error = await house.ask("u0").then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      return error?.message === message;
    });
    await assert.rejects(house.ask("u0", undefined, arnOf("campaign/young")), {
      code: "NotFound",
      message: /CREATE IN_PROGRESS/,
    });
    for (const foreign of ["nonsense", arnOf("filter/x"), ARN.replace("111122223333", "444455556666")]) {
      await assert.rejects(house.ask("u0", undefined, foreign), { code: "NotFound" });
    }
  });

  test("a model that cannot be read makes the campaign unavailable, until it can", async () => {
    await using house = await open();
    const row = await house.insert("campaign", "offers", house.campaignBody("s3://models/none"));
    await assert.rejects(house.ask("u0"), { code: "Unavailable", message: /no model s3:\/\/models\/none/ });
    await house.resources.update(row as Resource, { body: house.campaignBody("s3://models/tastes") });
    assert.equal((await house.ask("u0"))[0]?.[0], "a");
  });

  test("filters: unknown ones, those of others and wrong values are refused", async () => {
    await using house = await open();
    await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    const filterExpression = "INCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)";
    await house.insert("filter", "ours", { datasetGroupArn: GROUP, filterExpression });
    await house.insert("filter", "theirs", { datasetGroupArn: arnOf("dataset-group/other"), filterExpression });
    await assert.rejects(house.ask("u0", { arn: arnOf("filter/none") }), { code: "NotFound" });
    await assert.rejects(house.ask("u0", { arn: arnOf("filter/theirs") }), { code: "InvalidInput" });
    await assert.rejects(house.ask("u0", { arn: arnOf("filter/ours") }), { code: "InvalidInput", message: /CATEGORY/ });
  });

  test("metrics are CloudWatch's", async () => {
    await using house = await open();
    await house.insert("campaign", "offers", house.campaignBody("s3://models/tastes"));
    const { campaign } = await house.campaigns.open(owner, { arn: ARN, filters: [] });
    campaign.meter.record("GetRecommendations", 2000);
    campaign.meter.record("GetRecommendations", 4000);
    await house.campaigns.flush();
    const dimensions = { CampaignArn: ARN };
    const sumOf = async (name: string): Promise<number | undefined> => {
      const seriesId = await house.metrics.findSeries({ ...owner, namespace: "AWS/Personalize", name, dimensions });
      assert.ok(seriesId !== undefined, name);
      const range = { from: 0, to: 2 ** 33, period: 60, origin: 0, separateUnits: false, percentiles: [], limit: 100 };
      return (await house.metrics.readStatistics({ seriesId, ...range }))[0]?.sum;
    };
    assert.equal(await sumOf("GetRecommendations"), 2);
    assert.equal(await sumOf("GetRecommendationsLatency"), 6);
  });
});
