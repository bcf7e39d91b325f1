import assert from "node:assert/strict";
import { test } from "node:test";
import { campaignArn, campaignOwner, openCampaignHouse } from "@rondo/serve/testing";
import { restoreCampaigns } from "./restore-campaigns.ts";

test("what answered before is in memory after the start; what cannot be loaded is told and does not stop the others", async () => {
  await using house = await openCampaignHouse();
  await house.insert("campaign", "broken", house.campaignBody("s3://models/none"));
  await house.insert("campaign", "offers", house.campaignBody("s3://models/aws-user-personalization"));
  await house.insert("recommender", "popular", house.campaignBody("s3://models/aws-vod-most-popular"));
  await house.insert("recommender", "stopped", house.campaignBody("s3://models/aws-vod-trending-now"), "INACTIVE");
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  await restoreCampaigns({ ...house, onError }, new AbortController().signal);
  assert.deepEqual(house.loads, [
    "s3://models/none",
    "s3://models/aws-user-personalization",
    "s3://models/aws-vod-most-popular",
  ]);
  assert.match(String(errors), /no model/);
  const opened = house.campaigns.open(campaignOwner, { arn: campaignArn("campaign/offers"), filters: [] });
  assert.ok(!(opened instanceof Promise));
});
