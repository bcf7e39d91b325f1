import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@rondo/control/testing";
import { createResources } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { createSubscriptionOperations } from "./subscription.ts";
import { subscriptionType, topicArn, topicType } from "./topic-arn.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const caller = { ...owner, accessKeyId: "AKIA", arn: "arn:aws:iam::111122223333:root" };

test("a topic has at most 10,000 subscriptions", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  const resources = createResources({ sql, clock });
  const topics = ["news", "news-2"].map((name) => ({ name, arn: topicArn(owner, name) }));
  for (const topic of topics) {
    await resources.insert({ ...owner, type: topicType, ...topic, status: "Active", body: { attributes: {} } });
  }
  await sql.query(
    `insert into resource (type, account_id, region, name, arn, status, body, created_at, updated_at)
     select $1, $2, $3, 'news/' || n, 'arn:' || n, 'Confirmed', '{}', now(), now() from generate_series(1, 9999) n`,
    [subscriptionType, owner.accountId, owner.region],
  );
  const { subscribe } = createSubscriptionOperations({ sql, resources, clock });
  const to = (name: string, topic: number) =>
    subscribe({ TopicArn: topics[topic]?.arn, Protocol: "email", Endpoint: `${name}@example.org` }, caller);
  await to("last", 0);
  await assert.rejects(to("more", 0), { code: "SubscriptionLimitExceededException" });
  await to("last", 0); // is there already
  await to("more", 1);
});
