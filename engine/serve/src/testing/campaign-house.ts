import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type AnsweringModel, findRecipe, type RecipeName } from "@rondo/personalize";
import { smallModel, twoTastes } from "@rondo/personalize/testing";
import { createDatasetRecords, createMetrics, createResources, type LogEvent, systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { Campaigns } from "../campaigns/campaigns.ts";
import { seededRandom } from "./seeded-random.ts";

export const campaignOwner = { accountId: "111122223333", region: "eu-west-1" };

const DEADLINE_MS = 10_000;

/** `campaign/offers` → its ARN. */
export function campaignArn(name: string): string {
  return `arn:aws:personalize:${campaignOwner.region}:${campaignOwner.accountId}:${name}`;
}

/** The model of a URI: `s3://models/<recipe>` of two tastes, `s3://models/other` of users who know c0 and c1 only. They have learned from records up to 10. */
async function openModel(uri: string): Promise<AnsweringModel> {
  const name = uri.slice("s3://models/".length);
  if (name === "other") {
    const events = ["u0", "u1", "u2"].flatMap((user) => [
      { user, item: "c0", time: 1 },
      { user, item: "c1", time: 2 },
    ]);
    return await smallModel({ recipe: "aws-user-personalization", events });
  }
  if (findRecipe(name) === undefined) throw new Error(`there is no model ${uri}`);
  const columns = { CATEGORY: { a0: "even", a1: "odd", a2: "even", b0: "even", b1: "odd" } };
  return await smallModel({ recipe: name as RecipeName, events: twoTastes(), itemColumns: columns });
}

/** Campaigns over a real database, with models of a few items. */
export async function openCampaignHouse() {
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
    async openModel(uri) {
      loads.push(uri);
      return await openModel(uri);
    },
    onError: (error) => assert.fail(String(error)),
  });
  const insert = (type: string, name: string, body: object, status = "ACTIVE") =>
    resources.insert({
      ...campaignOwner,
      type: `personalize/${type}`,
      name,
      arn: campaignArn(`${type}/${name}`),
      status,
      body,
    });
  const group = await insert("dataset-group", "shop", {});
  const older = Array.from({ length: 10 }, () => ({ dataset: "Users", userId: "old", content: {} }));
  await records.put(group.id, older);
  return {
    sql,
    resources,
    records,
    metrics,
    campaigns,
    /** Exploration's log lines. */
    lines,
    /** URIs of the models that were read. */
    loads,
    group,
    insert,
    /** What of a campaign's row serving reads; without a configuration nothing is explored. */
    campaignBody: (modelUri: string, config: object = {}) => ({
      datasetGroupArn: campaignArn("dataset-group/shop"),
      live: { modelUri },
      campaignConfig: { itemExplorationConfig: { explorationWeight: "0" }, ...config },
    }),
    /** A filter of the dataset group. */
    insertFilter: (name: string, filterExpression: string) =>
      insert("filter", name, { datasetGroupArn: campaignArn("dataset-group/shop"), filterExpression }),
    async [Symbol.asyncDispose]() {
      await campaigns.close();
      await sql.close();
    },
  };
}

export type CampaignHouse = Awaited<ReturnType<typeof openCampaignHouse>>;

/** Waits until the check holds. */
export async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await delay(10)) {
    if (await check()) return;
  }
  assert.fail(`nothing came of it within ${DEADLINE_MS} ms`);
}
