import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateEventTrackerCommand,
  DeleteEventTrackerCommand,
  DescribeEventTrackerCommand,
  ListEventTrackersCommand,
} from "@aws-sdk/client-personalize";
import { createManualClock } from "@rondo/control/testing";
import { openTestSql } from "@rondo/store/testing";
import { GROUP_ARN, openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

const eventTrackerArn = "arn:aws:personalize:eu-west-1:111122223333:event-tracker/clicks";

test("a dataset group has one event tracker, which is described, listed and deleted", { timeout: 60_000 }, async () => {
  const sql = await openTestSql();
  await using server = await startPersonalize(sql, await openPersonalizeHouse(sql, createManualClock()));
  const { client } = server;
  const create = (name: string, datasetGroupArn = GROUP_ARN) =>
    client.send(new CreateEventTrackerCommand({ name, datasetGroupArn }));

  const created = await create("clicks");
  assert.equal(created.eventTrackerArn, eventTrackerArn);
  assert.match(created.trackingId ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await assert.rejects(create("other"), {
    name: "ResourceAlreadyExistsException",
    message: `The dataset group ${GROUP_ARN} has the event tracker ${eventTrackerArn} already, and can have one only.`,
  });
  await assert.rejects(create("lost", `${GROUP_ARN}-lost`), { name: "ResourceNotFoundException" });

  const { eventTracker } = await client.send(new DescribeEventTrackerCommand({ eventTrackerArn }));
  const { creationDateTime, lastUpdatedDateTime, ...rest } = eventTracker ?? {};
  assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
  assert.deepEqual(rest, {
    name: "clicks",
    eventTrackerArn,
    status: "ACTIVE",
    accountId: "111122223333",
    trackingId: created.trackingId,
    datasetGroupArn: GROUP_ARN,
  });
  const list = async (datasetGroupArn: string) =>
    (await client.send(new ListEventTrackersCommand({ datasetGroupArn }))).eventTrackers?.map(({ name }) => name);
  assert.deepEqual(await list(GROUP_ARN), ["clicks"]);
  assert.deepEqual(await list(`${GROUP_ARN}-other`), []);

  await client.send(new DeleteEventTrackerCommand({ eventTrackerArn }));
  await assert.rejects(client.send(new DescribeEventTrackerCommand({ eventTrackerArn })), {
    name: "ResourceNotFoundException",
    message: `Resource Arn ${eventTrackerArn} does not exist.`,
  });
  assert.notEqual((await create("other")).trackingId, created.trackingId);
});
