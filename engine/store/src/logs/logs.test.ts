import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { deleteExpiredLogEvents } from "./delete-expired-log-events.ts";
import { createLogs } from "./logs.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const stream = { ...owner, group: "/aws/sagemaker/TrainingJobs", stream: "job/algo-1-1" };
const day = 86_400_000;
const now = new Date("2026-03-01T00:00:00Z");

async function openLogs() {
  const sql = await openTestSql();
  return {
    sql,
    logs: createLogs({ sql, clock: { now: () => now } }),
    [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose](),
  };
}

const messages = (events: readonly { readonly message: string }[]) => events.map(({ message }) => message);
const at = (timestamp: number, ...texts: string[]) => texts.map((message) => ({ timestamp, message }));

test("append makes group and stream, keeps the order of equal timestamps and notes times and bytes", async () => {
  await using home = await openLogs();
  await home.logs.append(stream, [...at(1000, "b", "a", "nul\0"), ...at(2000, "c")]);
  const found = await home.logs.findStream(stream);
  assert.ok(found);
  assert.deepEqual([found.firstEventAt, found.lastEventAt, found.lastIngestedAt], [1000, 2000, now.getTime()]);
  assert.equal(found.storedBytes, 4 * 26 + 3 + "nul\uFFFD".length + 2);
  const events = await home.logs.readStream({ streamId: found.id, direction: "forward", limit: 10, maxBytes: 1e6 });
  assert.deepEqual(messages(events), ["b", "a", "nul\uFFFD", "c"]);
});

test("a position makes a repeated append write nothing, alone or in the caller's transaction", async () => {
  await using home = await openLogs();
  await home.logs.append(stream, at(1, "one"), { position: 10 });
  await home.logs.append(stream, at(1, "one"), { position: 10 });
  const failure = new Error("rolled back");
  await assert.rejects(
    home.sql.transaction(async (connection) => {
      await home.logs.append(stream, at(2, "two"), { position: 20, connection });
      throw failure;
    }),
    failure,
  );
  assert.equal(await home.logs.position(stream), 10);
  await home.sql.transaction((connection) => home.logs.append(stream, at(2, "two"), { position: 20, connection }));
  assert.equal(await home.logs.position(stream), 20);
  const events = await home.logs.readGroup({ ...stream, direction: "forward", limit: 10, maxBytes: 1e6 });
  assert.deepEqual(messages(events), ["one", "two"]);
  assert.equal(await home.logs.position({ ...stream, stream: "none" }), -1);
});

test("pages go both ways, end at the byte limit and hold at least one event", async () => {
  await using home = await openLogs();
  await home.logs.append(
    stream,
    [1, 2, 3, 4, 5].flatMap((timestamp) => at(timestamp, String(timestamp).repeat(10))),
  );
  const found = await home.logs.findStream(stream);
  assert.ok(found);
  const page = { streamId: found.id, limit: 2, maxBytes: 1e6 };
  const first = await home.logs.readStream({ ...page, direction: "forward" });
  const second = await home.logs.readStream({ ...page, direction: "forward", cursor: first[1] });
  const last = await home.logs.readStream({ ...page, direction: "backward" });
  const middle = await home.logs.readStream({ ...page, direction: "backward", cursor: last[0] });
  assert.deepEqual(
    [first, second, middle, last].map((events) => events.map(({ timestamp }) => timestamp)),
    [
      [1, 2],
      [3, 4],
      [2, 3],
      [4, 5],
    ],
  );
  assert.equal((await home.logs.readStream({ ...page, direction: "forward", limit: 5, maxBytes: 72 })).length, 2);
  assert.equal((await home.logs.readStream({ ...page, direction: "backward", limit: 5, maxBytes: 1 })).length, 1);
  const range = await home.logs.readStream({ ...page, direction: "forward", limit: 5, from: 2, to: 3 });
  assert.deepEqual(
    range.map(({ timestamp }) => timestamp),
    [2, 3],
  );
});

test("a group is read over its streams in the order of time", async () => {
  await using home = await openLogs();
  await home.logs.append({ ...stream, stream: "a/1" }, [...at(1, "a1"), ...at(3, "a3")]);
  await home.logs.append({ ...stream, stream: "a/2" }, [...at(2, "b2"), ...at(4, "b4")]);
  await home.logs.append({ ...stream, stream: "z" }, at(2, "z2"));
  const page = {
    ...owner,
    group: stream.group,
    direction: "forward",
    limit: 3,
    maxBytes: 1e6,
    streamPrefix: "a/",
  } as const;
  const first = await home.logs.readGroup(page);
  assert.deepEqual(
    first.map((event) => [event.stream, event.message]),
    [
      ["a/1", "a1"],
      ["a/2", "b2"],
      ["a/1", "a3"],
    ],
  );
  assert.deepEqual(messages(await home.logs.readGroup({ ...page, cursor: first[2] })), ["b4"]);
  const named = await home.logs.readGroup({
    ...page,
    streamPrefix: undefined,
    streamNames: ["z"],
    direction: "backward",
  });
  assert.deepEqual(messages(named), ["z2"]);
});

test("retention deletes what is too old, and what belonged to deleted streams", async () => {
  await using home = await openLogs();
  const old = now.getTime() - 8 * day;
  await home.logs.append(stream, [...at(old, "old"), ...at(now.getTime(), "young")]);
  await home.logs.append({ ...stream, stream: "gone" }, at(now.getTime(), "gone"));
  await home.logs.append({ ...stream, group: "kept" }, at(old, "kept"));
  await home.logs.setRetention(stream, 7);
  await home.logs.deleteStream({ ...stream, stream: "gone" });
  assert.equal(await deleteExpiredLogEvents({ sql: home.sql, now }), 2);
  assert.equal(await deleteExpiredLogEvents({ sql: home.sql, now }), 0);
  const found = await home.logs.findStream(stream);
  assert.deepEqual([found?.firstEventAt, found?.storedBytes], [now.getTime(), 31]);
  await home.logs.deleteGroup({ ...stream, group: "kept" });
  assert.equal(await deleteExpiredLogEvents({ sql: home.sql, now }), 1);
  const [left] = await home.sql.query<{ count: number }>("SELECT count(*)::integer AS count FROM log_event");
  assert.equal(left?.count, 1);
});

test("streams are listed by name and by last event, groups by prefix", async () => {
  await using home = await openLogs();
  for (const [name, timestamp] of [
    ["b", 1],
    ["a", 2],
    ["c", 3],
  ] as const)
    await home.logs.append({ ...stream, stream: name }, at(timestamp, name));
  const names = async (orderBy: "name" | "lastEventAt", descending: boolean) => {
    const query = { ...owner, group: stream.group, orderBy, descending, limit: 2 };
    const first = await home.logs.listStreams(query);
    const rest = await home.logs.listStreams({ ...query, after: first.at(-1) });
    return [...first, ...rest].map(({ name }) => name).join("");
  };
  assert.equal(await names("name", false), "abc");
  assert.equal(await names("name", true), "cba");
  assert.equal(await names("lastEventAt", false), "bac");
  assert.equal(await names("lastEventAt", true), "cab");
  assert.equal((await home.logs.listGroups({ ...owner, prefix: "/aws/", limit: 5 })).length, 1);
  assert.equal((await home.logs.listGroups({ ...owner, region: "us-east-1", limit: 5 })).length, 0);
  await assert.rejects(home.logs.createStream({ ...stream, stream: "a" }), { code: "AlreadyExists" });
  await assert.rejects(home.logs.createStream({ ...stream, group: "none" }), { code: "NotFound" });
  await assert.rejects(home.logs.createGroup(stream, {}), { code: "AlreadyExists" });
});
