import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createResources } from "../create-resources.ts";
import type { Sql } from "../sql.ts";
import { openTestSql } from "../testing/open-test-sql.ts";
import { createDatasetRecords } from "./create-dataset-records.ts";
import type { DatasetRecordNews, DatasetRecords, NewDatasetRecord } from "./dataset-records.ts";

async function insertGroup(sql: Sql, name: string): Promise<number> {
  const row = await createResources({ sql }).insert({
    type: "personalize/dataset-group",
    accountId: "111122223333",
    region: "eu-west-1",
    name,
    arn: `arn:aws:personalize:eu-west-1:111122223333:dataset-group/${name}`,
    status: "ACTIVE",
    body: {},
  });
  return row.id;
}

async function openRecords() {
  const sql = await openTestSql();
  const groupId = await insertGroup(sql, "shop");
  return { sql, groupId, records: createDatasetRecords({ sql }), [Symbol.asyncDispose]: () => sql.close() };
}

function click(itemId: string, sender: Partial<NewDatasetRecord> = { userId: "u1" }): NewDatasetRecord {
  return { dataset: "Interactions", content: { ITEM_ID: itemId, EVENT_TYPE: "click", TIMESTAMP: 1 }, ...sender };
}

async function listItems(records: DatasetRecords, groupId: number): Promise<unknown[]> {
  const list = await records.listAfter({ groupId, after: 0, limit: 1000 });
  return list.map(({ content }) => content.ITEM_ID);
}

describe("records of a dataset group", { timeout: 60_000 }, () => {
  test("come back in their order, page by page, by dataset", async () => {
    await using opened = await openRecords();
    const { records, groupId } = opened;
    const item: NewDatasetRecord = { dataset: "Items", content: { ITEM_ID: "a", PRICE: 1.5, SOLD: null } };
    assert.equal(await records.put(groupId, [click("a"), item, click("b\u0000")]), 3);
    assert.equal(await records.put(groupId, [click("c")]), 4);
    const first = await records.listAfter({ groupId, after: 0, limit: 2 });
    assert.deepEqual(
      first.map(({ number, dataset, userId, content }) => ({ number, dataset, userId, content })),
      [
        { number: 1, userId: "u1", ...click("a") },
        { number: 2, userId: undefined, ...item },
      ],
    );
    const rest = await records.listAfter({ groupId, after: 2, limit: 10, datasets: ["Interactions"] });
    assert.deepEqual(
      rest.map(({ content }) => content.ITEM_ID),
      ["b\uFFFD", "c"],
    );
    assert.equal(await records.newest(groupId), 4);
    assert.deepEqual(await records.count(groupId), { Interactions: 3, Items: 1 });
  });

  test("of many groups share a commit and are numbered each by itself", async () => {
    await using opened = await openRecords();
    const { sql, records, groupId } = opened;
    const otherId = await insertGroup(sql, "films");
    const puts = Array.from({ length: 20 }, (_, at) => records.put(at % 2 === 0 ? groupId : otherId, [click(`${at}`)]));
    assert.deepEqual((await Promise.all(puts)).length, 20);
    assert.deepEqual(
      await listItems(records, groupId),
      Array.from({ length: 10 }, (_, at) => `${at * 2}`),
    );
    assert.equal(await records.newest(otherId), 10);
  });

  test("that commit late get late numbers: a reader who has read up to a number misses nothing", async () => {
    await using opened = await openRecords();
    const { sql, groupId } = opened;
    const writers = Array.from({ length: 4 }, () => createDatasetRecords({ sql }));
    let writing = true;
    const seen: number[] = [];
    const reader = (async () => {
      for (let after = 0; ; ) {
        const last = !writing;
        for (const record of await writers[0]!.listAfter({ groupId, after, limit: 50 })) {
          seen.push(record.number);
          after = record.number;
        }
        if (last && seen.length >= 200) return;
      }
    })();
    await Promise.all(
      writers.map(async (writer, place) => {
        for (let at = 0; at < 50; at++) await writer.put(groupId, [click(`${place}-${at}`)]);
      }),
    );
    writing = false;
    await reader;
    assert.deepEqual(
      seen,
      Array.from({ length: 200 }, (_, at) => at + 1),
    );
  });

  test("of one event id are stored once", async () => {
    await using opened = await openRecords();
    const { records, groupId } = opened;
    await records.put(groupId, [click("a", { userId: "u", eventId: "e" }), click("b", { userId: "u", eventId: "e" })]);
    await records.put(groupId, [click("c", { userId: "u", eventId: "e" }), click("d", { userId: "u", eventId: "f" })]);
    assert.deepEqual(await listItems(records, groupId), ["a", "d"]);
    const ofAction: NewDatasetRecord = { dataset: "Action_Interactions", userId: "u", eventId: "e", content: {} };
    await records.put(groupId, [ofAction, ofAction]);
    assert.deepEqual(await records.count(groupId), { Action_Interactions: 1, Interactions: 2 });
  });

  test("are not sent again when the connection was lost: they may have been written", async () => {
    await using opened = await openRecords();
    const { sql, groupId } = opened;
    let sent = 0;
    const records = createDatasetRecords({
      sql: {
        ...sql,
        home: "embedded",
        async query<Row extends object>(...statement: Parameters<Sql["query"]>): Promise<Row[]> {
          await sql.query(...statement);
          sent++;
          throw new Error("Connection terminated unexpectedly");
        },
      },
    });
    const puts = ["a", "b"].map((itemId) => records.put(groupId, [click(itemId)]));
    for (const put of puts) await assert.rejects(put, { message: "Connection terminated unexpectedly" });
    assert.equal(sent, 1);
    assert.deepEqual(await listItems(createDatasetRecords({ sql }), groupId), ["a", "b"]);
  });

  test("need a dataset group, and a put without one does not fail its neighbours", async () => {
    await using opened = await openRecords();
    const { records, groupId } = opened;
    const refused = records.put(groupId + 999, [click("a")]);
    await Promise.all([assert.rejects(refused, { code: "NoSuchDatasetGroup" }), records.put(groupId, [click("b")])]);
    assert.deepEqual(await listItems(records, groupId), ["b"]);
  });
});

describe("a user's records", { timeout: 60_000 }, () => {
  const before = click("a", { sessionId: "s1" });
  const login = click("b", { userId: "u1", sessionId: "s1" });
  const afterLogout = click("c", { sessionId: "s1" });
  const other = click("d", { userId: "u2", sessionId: "s2" });

  test("are also those of a session from before he logged in", async () => {
    await using opened = await openRecords();
    const { records, groupId } = opened;
    await records.put(groupId, [before]);
    const [anonymous] = await records.listAfter({ groupId, after: 0, limit: 1 });
    assert.equal(anonymous?.userId, "s1");
    await records.put(groupId, [login, afterLogout, other]);
    const list = await records.listAfter({ groupId, after: 0, limit: 10 });
    assert.deepEqual(
      list.map(({ userId }) => userId),
      ["u1", "u1", "s1", "u2"],
    );
    const own = await records.listOfUser({ groupId, userId: "u1", after: 0, limit: 10 });
    assert.deepEqual(
      own.map(({ number }) => number),
      [1, 2],
    );
    const next = await records.listOfUser({ groupId, userId: "u1", after: 1, limit: 10, datasets: ["Interactions"] });
    assert.deepEqual(
      next.map(({ number }) => number),
      [2],
    );
  });

  test("are deleted page by page, and listeners are told", async () => {
    await using opened = await openRecords();
    const { records, groupId } = opened;
    await records.put(groupId, [before, login, afterLogout, other]);
    const news: (DatasetRecordNews | undefined)[] = [];
    using _ = records.listen((one) => news.push(one));
    assert.equal(await records.deleteUser({ groupId, userId: "u1", limit: 1 }), 1);
    assert.deepEqual(await listItems(records, groupId), ["b", "c", "d"]);
    assert.equal(await records.deleteUser({ groupId, userId: "u1", limit: 10 }), 1);
    assert.equal(await records.deleteUser({ groupId, userId: "s1", limit: 10 }), 1);
    assert.deepEqual(await listItems(records, groupId), ["d"]);
    assert.deepEqual(news[0], { groupId, deletedUser: "u1" });
    assert.equal(await records.put(groupId, [before]), 5);
  });

  test("go with their dataset, and the numbers go on", async () => {
    await using opened = await openRecords();
    const { records, groupId } = opened;
    await records.put(groupId, [before, { dataset: "Items", content: { ITEM_ID: "a" } }, other]);
    assert.equal(await records.deleteDataset({ groupId, dataset: "Interactions", limit: 1 }), 1);
    assert.equal(await records.deleteDataset({ groupId, dataset: "Interactions", limit: 10 }), 1);
    assert.deepEqual(await records.count(groupId), { Items: 1 });
    assert.equal(await records.put(groupId, [before]), 4);
  });
});

test("a put is heard of in its own process and in others of a server", { timeout: 60_000 }, async () => {
  await using opened = await openRecords();
  const { sql, groupId } = opened;
  const here = createDatasetRecords({ sql: { ...sql, home: "server", instance: "here" } });
  const there = createDatasetRecords({ sql: { ...sql, home: "server", instance: "there" } });
  const heardHere = Promise.withResolvers<DatasetRecordNews | undefined>();
  const heardThere = Promise.withResolvers<DatasetRecordNews | undefined>();
  using _here = here.listen(heardHere.resolve);
  using _there = there.listen(heardThere.resolve);
  // `listen` connects by itself: what the other process has committed by then is not told.
  let heard = false;
  void heardThere.promise.then(() => (heard = true));
  while (!heard) await here.put(groupId, [click("a")]);
  assert.deepEqual(await heardHere.promise, { groupId, newest: 1 });
  assert.equal((await heardThere.promise)?.groupId, groupId);
});
