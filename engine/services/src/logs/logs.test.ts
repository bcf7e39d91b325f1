import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogs, deleteExpiredLogEvents } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { Caller } from "@rondo/wire";
import { createFilterLogEvents } from "./filter-log-events.ts";
import { createGetLogEvents } from "./get-log-events.ts";
import { createLogGroupOperations } from "./log-group.ts";
import { createLogStreamOperations } from "./log-stream.ts";
import { createPutLogEvents } from "./put-log-events.ts";

const caller: Caller = {
  accountId: "111122223333",
  region: "eu-west-1",
  accessKeyId: "AKIA",
  arn: "arn:aws:iam::111122223333:root",
};
const now = Date.parse("2026-03-01T00:00:00Z");
const day = 86_400_000;
const logGroupName = "/app";
const logStreamName = "s1";

async function openService() {
  const sql = await openTestSql();
  const clock = { now: () => new Date(now) };
  const logs = createLogs({ sql, clock });
  const dependencies = { logs, clock };
  return {
    sql,
    ...createLogGroupOperations(dependencies),
    ...createLogStreamOperations(dependencies),
    putLogEvents: createPutLogEvents(dependencies),
    getLogEvents: createGetLogEvents(dependencies),
    filterLogEvents: createFilterLogEvents(dependencies),
    [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose](),
  };
}

async function openStream() {
  const service = await openService();
  await service.createLogGroup({ logGroupName, tags: { team: "a" } }, caller);
  await service.createLogStream({ logGroupName, logStreamName }, caller);
  return service;
}

const event = (offset: number, message = `m${offset}`) => ({ timestamp: now + offset, message });
const texts = (events: readonly { readonly message?: string }[] | undefined) =>
  events?.map(({ message }) => message).join(" ");

test("groups: create, describe in pages, tags, retention, delete", async () => {
  await using service = await openStream();
  await service.createLogGroup({ logGroupName: "/b" }, caller);
  await assert.rejects(service.createLogGroup({ logGroupName }, caller), { code: "ResourceAlreadyExistsException" });
  const first = await service.describeLogGroups({ limit: 1 }, caller);
  const second = await service.describeLogGroups({ limit: 1, nextToken: first.nextToken }, caller);
  assert.deepEqual(
    [first, second].map((page) => page.logGroups?.[0]?.logGroupName),
    ["/app", "/b"],
  );
  assert.equal(second.nextToken, undefined);
  await assert.rejects(service.describeLogGroups({ nextToken: "x" }, caller), { code: "InvalidParameterException" });
  const arn = first.logGroups?.[0]?.arn;
  assert.equal(arn, "arn:aws:logs:eu-west-1:111122223333:log-group:/app:*");
  await service.tagResource({ resourceArn: arn, tags: { stage: "x" } }, caller);
  await service.untagResource({ resourceArn: arn, tagKeys: ["team"] }, caller);
  assert.deepEqual(await service.listTagsForResource({ resourceArn: arn }, caller), { tags: { stage: "x" } });
  await service.putRetentionPolicy({ logGroupName, retentionInDays: 7 }, caller);
  await assert.rejects(service.putRetentionPolicy({ logGroupName, retentionInDays: 2 }, caller), {
    code: "InvalidParameterException",
  });
  assert.equal(
    (await service.describeLogGroups({ logGroupNamePrefix: "/a" }, caller)).logGroups?.[0]?.retentionInDays,
    7,
  );
  await service.deleteRetentionPolicy({ logGroupName }, caller);
  assert.equal(
    (await service.describeLogGroups({ logGroupNamePattern: "AP" }, caller)).logGroups?.[0]?.retentionInDays,
    undefined,
  );
  await service.deleteLogGroup({ logGroupName }, caller);
  await assert.rejects(service.deleteLogGroup({ logGroupName }, caller), { code: "ResourceNotFoundException" });
});

test("streams: create, describe by name and last event, delete", async () => {
  await using service = await openStream();
  await service.createLogStream({ logGroupName, logStreamName: "s0" }, caller);
  await assert.rejects(service.createLogStream({ logGroupName, logStreamName }, caller), {
    code: "ResourceAlreadyExistsException",
  });
  await assert.rejects(service.createLogStream({ logGroupName: "/no", logStreamName }, caller), {
    code: "ResourceNotFoundException",
  });
  await service.putLogEvents({ logGroupName, logStreamName: "s0", logEvents: [event(1), event(2)] }, caller);
  const names = async (input: object) =>
    (await service.describeLogStreams({ logGroupName, ...input }, caller)).logStreams?.map(
      (stream) => stream.logStreamName,
    );
  assert.deepEqual(await names({}), ["s0", "s1"]);
  assert.deepEqual(await names({ logStreamNamePrefix: "s1" }), ["s1"]);
  assert.deepEqual(await names({ orderBy: "LastEventTime" }), ["s1", "s0"]);
  assert.deepEqual(await names({ orderBy: "LastEventTime", descending: true }), ["s0", "s1"]);
  const page = await service.describeLogStreams({ logGroupName, limit: 1 }, caller);
  assert.deepEqual(await names({ limit: 1, nextToken: page.nextToken }), ["s1"]);
  const { firstEventTimestamp, lastEventTimestamp, lastIngestionTime } = page.logStreams?.[0] ?? {};
  assert.deepEqual([firstEventTimestamp, lastEventTimestamp, lastIngestionTime], [now + 1, now + 2, now]);
  await assert.rejects(names({ orderBy: "LastEventTime", logStreamNamePrefix: "s" }), {
    code: "InvalidParameterException",
  });
  await service.deleteLogStream({ logGroupName, logStreamName: "s0" }, caller);
  await assert.rejects(service.deleteLogStream({ logGroupName, logStreamName: "s0" }, caller), {
    code: "ResourceNotFoundException",
  });
  assert.deepEqual(
    await names({ logGroupName: undefined, logGroupIdentifier: "arn:aws:logs:eu-west-1:111122223333:log-group:/app" }),
    ["s1"],
  );
});

test("PutLogEvents rejects what is too old, expired or too new, and refuses what breaks the batch rules", async () => {
  await using service = await openStream();
  const put = (...logEvents: { timestamp: number; message: string }[]) =>
    service.putLogEvents({ logGroupName, logStreamName, logEvents }, caller);
  const old = await put(event(-15 * day), event(-14 * day, "edge"));
  assert.deepEqual(old.rejectedLogEventsInfo, {
    tooOldLogEventEndIndex: 1,
    expiredLogEventEndIndex: undefined,
    tooNewLogEventStartIndex: undefined,
  });
  const young = await put(event(0), event(7_200_001));
  assert.equal(young.rejectedLogEventsInfo?.tooNewLogEventStartIndex, 1);
  assert.equal((await put(event(1))).rejectedLogEventsInfo, undefined);
  await service.putRetentionPolicy({ logGroupName, retentionInDays: 1 }, caller);
  assert.equal((await put(event(-2 * day))).rejectedLogEventsInfo?.expiredLogEventEndIndex, 1);
  assert.equal(texts((await service.getLogEvents({ logGroupName, logStreamName }, caller)).events), "edge m0 m1");
  await assert.rejects(put(event(2), event(1)), /chronological order/);
  await assert.rejects(put(event(-day), event(1)), /cannot span more than 24 hours/);
  await assert.rejects(put(event(1, "x".repeat(1_048_551))), /Upload too large: 1048577 bytes/);
  await assert.rejects(service.putLogEvents({ logGroupName, logStreamName: "no", logEvents: [event(1)] }, caller), {
    code: "ResourceNotFoundException",
  });
  assert.equal(await deleteExpiredLogEvents({ sql: service.sql, now: new Date(now) }), 1);
});

test("GetLogEvents gives both tokens; at the end the same one comes back and later finds what has arrived", async () => {
  await using service = await openStream();
  const get = (input: object) => service.getLogEvents({ logGroupName, logStreamName, ...input }, caller);
  const empty = await get({ startFromHead: true });
  await service.putLogEvents(
    { logGroupName, logStreamName, logEvents: [1, 2, 3, 4].map((offset) => event(offset)) },
    caller,
  );
  assert.equal(texts((await get({ nextToken: empty.nextForwardToken })).events), "m1 m2 m3 m4");
  const first = await get({ startFromHead: true, limit: 3 });
  const rest = await get({ nextToken: first.nextForwardToken, limit: 3 });
  const end = await get({ nextToken: rest.nextForwardToken });
  assert.deepEqual(
    [first, rest, end].map(({ events }) => texts(events)),
    ["m1 m2 m3", "m4", ""],
  );
  assert.equal(end.nextForwardToken, rest.nextForwardToken);
  assert.equal(texts((await get({ nextToken: end.nextBackwardToken, limit: 1 })).events), "m4");
  await service.putLogEvents({ logGroupName, logStreamName, logEvents: [event(4, "late")] }, caller);
  assert.equal(texts((await get({ nextToken: end.nextForwardToken })).events), "late");
  const tail = await get({ limit: 2 });
  const before = await get({ nextToken: tail.nextBackwardToken, limit: 2 });
  assert.deepEqual([texts(tail.events), texts(before.events)], ["m4 late", "m2 m3"]);
  const start = await get({ nextToken: (await get({ nextToken: before.nextBackwardToken })).nextBackwardToken });
  assert.equal(texts(start.events), "");
  assert.equal(texts((await get({ nextToken: start.nextForwardToken, limit: 1 })).events), "m1");
  assert.equal(texts((await get({ startTime: now + 2, endTime: now + 4 })).events), "m2 m3");
  await assert.rejects(get({ nextToken: "f/1" }), { code: "InvalidParameterException" });
  await assert.rejects(get({ logStreamName: "no" }), /log stream does not exist/);
  await assert.rejects(get({ logGroupName: "/no" }), /log group does not exist/);
});

test("FilterLogEvents goes over streams in the order of time, in pages", async () => {
  await using service = await openStream();
  await service.createLogStream({ logGroupName, logStreamName: "s2" }, caller);
  await service.putLogEvents(
    { logGroupName, logStreamName, logEvents: [event(1, "ERROR a"), event(3, "ERROR b"), event(5, "INFO")] },
    caller,
  );
  await service.putLogEvents(
    { logGroupName, logStreamName: "s2", logEvents: [event(2, "ERROR c"), event(4, "ERROR d")] },
    caller,
  );
  const filter = (input: object) => service.filterLogEvents({ logGroupName, filterPattern: "ERROR", ...input }, caller);
  const found = await filter({});
  assert.equal(texts(found.events), "ERROR a ERROR c ERROR b ERROR d");
  assert.deepEqual(
    found.events?.map(({ logStreamName: name }) => name),
    ["s1", "s2", "s1", "s2"],
  );
  assert.equal(new Set(found.events?.map(({ eventId }) => eventId)).size, 4);
  const pages: (string | undefined)[] = [];
  for (let nextToken: string | undefined, page = 0; page < 5; page++) {
    const result = await filter({ limit: 3, nextToken });
    pages.push(texts(result.events));
    nextToken = result.nextToken;
    if (nextToken === undefined) break;
  }
  assert.deepEqual(pages, ["ERROR a ERROR c ERROR b", "ERROR d"]);
  assert.equal(texts((await filter({ logStreamNames: ["s2"] })).events), "ERROR c ERROR d");
  assert.equal(
    texts((await filter({ logStreamNamePrefix: "s1", startTime: now + 2, endTime: now + 3 })).events),
    "ERROR b",
  );
  assert.equal(texts((await filter({ startFromHead: false, limit: 1 })).events), "ERROR d");
  await assert.rejects(filter({ logStreamNames: ["s2"], logStreamNamePrefix: "s" }), {
    code: "InvalidParameterException",
  });
});
