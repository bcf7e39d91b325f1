import assert from "node:assert/strict";
import { test } from "node:test";
import { createResources } from "./create-resources.ts";
import { notePlace, PLACE_SILENCE_MS } from "./places.ts";
import type { NewResource, ResourceQuery, Resources } from "./resources.ts";
import type { Sql } from "./sql.ts";
import { openTestSql } from "./testing/open-test-sql.ts";

const owner = { accountId: "000000000000", region: "us-east-1" };
const type = "sagemaker/training-job";
const leaseMs = 30_000;

function startAt(iso: string) {
  let now = new Date(iso);
  return {
    now: () => now,
    advance(milliseconds: number) {
      now = new Date(now.getTime() + milliseconds);
    },
  };
}

function setUp(sql: Sql) {
  const clock = startAt("2026-01-01T00:00:00Z");
  return { clock, resources: createResources({ sql, clock }) };
}

function job(name: string, due?: Date | "now"): NewResource<{ Items: number[] }> {
  return { ...owner, type, name, arn: `arn:aws:${name}`, status: "InProgress", body: { Items: [1, 2] }, due };
}

test("a resource comes back as it was written, and its name is taken", async () => {
  await using sql = await openTestSql();
  const { clock, resources } = setUp(sql);
  const written = await resources.insert(job("one"));
  assert.deepEqual(await resources.find(owner, type, "one"), written);
  assert.deepEqual(written, {
    ...owner,
    id: written.id,
    type,
    name: "one",
    arn: "arn:aws:one",
    status: "InProgress",
    body: { Items: [1, 2] },
    createdAt: clock.now(),
    updatedAt: clock.now(),
    version: 1,
    due: null,
    attempts: 0,
    reason: null,
    place: null,
  });
  await assert.rejects(resources.insert(job("one")), { code: "AlreadyExists" });
  assert.equal(await resources.find({ ...owner, region: "eu-west-1" }, type, "one"), undefined);
});

test("the case of a name is kept; SageMaker's are found and taken without it, others are not", async () => {
  await using sql = await openTestSql();
  const { resources } = setUp(sql);
  const written = await resources.insert(job("Train-1"));
  assert.deepEqual(await resources.find(owner, type, "train-1"), written);
  await assert.rejects(resources.insert(job("TRAIN-1")), { code: "AlreadyExists" });
  await resources.insert({ ...job("Alarm"), type: "cloudwatch/alarm" });
  assert.equal(await resources.find(owner, "cloudwatch/alarm", "alarm"), undefined);
  await resources.insert({ ...job("alarm"), type: "cloudwatch/alarm" });
});

test("an update that saw another version is refused", async () => {
  await using sql = await openTestSql();
  const { clock, resources } = setUp(sql);
  const first = await resources.insert(job("one", "now"));
  clock.advance(5);
  const second = await resources.update(first, { status: "Stopping", due: null });
  assert.deepEqual(second, { ...first, status: "Stopping", due: null, version: 2, updatedAt: clock.now() });
  await assert.rejects(resources.update(first, { status: "Stopped" }), { code: "Conflict" });
  clock.advance(5);
  assert.deepEqual((await resources.update(second, { due: "now" })).updatedAt, second.updatedAt);
  await resources.delete(second);
  await assert.rejects(resources.update(second, {}), { code: "Conflict" });
});

test("a row is claimed once, and again when its lease has ended", async () => {
  await using sql = await openTestSql();
  const { clock, resources } = setUp(sql);
  await resources.insert(job("later", new Date(clock.now().getTime() + 60_000)));
  await resources.insert(job("now", "now"));
  const claim = () => resources.claimDue({ types: [type], limit: 10, leaseMs });
  const [claimed, ...others] = await claim();
  assert.equal(claimed?.name, "now");
  assert.deepEqual(others, []);
  assert.deepEqual(await claim(), []);
  assert.deepEqual(await resources.nextDue([type]), new Date(clock.now().getTime() + leaseMs));
  clock.advance(leaseMs);
  const [again] = await claim();
  assert.equal(again?.id, claimed.id);
  assert.equal(await resources.renew(claimed, leaseMs), false);
  assert.equal(await resources.settle(claimed, { status: "Late", attempts: 0, reason: null }), false);
  assert.equal(await resources.settle(again!, { status: "Completed", attempts: 0, reason: null }), true);
  const settled = await resources.find(owner, type, "now");
  assert.deepEqual([settled?.status, settled?.due], ["Completed", null]);
});

test("a change during the claim wins; released, the row can be claimed at once", async () => {
  await using sql = await openTestSql();
  const { resources } = setUp(sql);
  const written = await resources.insert(job("one", "now"));
  const [claimed] = await resources.claimDue({ types: [type], limit: 1, leaseMs });
  await resources.update(written, { status: "Stopping", due: "now" });
  assert.equal(await resources.renew(claimed!, leaseMs), false);
  assert.equal(await resources.save(claimed!, { status: "Training" }), undefined);
  assert.equal(await resources.settle(claimed!, { status: "Completed", attempts: 0, reason: null }), false);
  assert.deepEqual(await resources.claimDue({ types: [type], limit: 1, leaseMs }), []);
  await resources.release(claimed!);
  const [again] = await resources.claimDue({ types: [type], limit: 1, leaseMs });
  assert.equal(again?.status, "Stopping");
});

test("a row that lies on another Rondo's home is left to it until that was silent for a minute", async () => {
  await using sql = await openTestSql();
  const clock = startAt("2026-01-01T00:00:00Z");
  const here = createResources({ sql, clock, place: "here" });
  const there = createResources({ sql, clock, place: "there" });
  const claim = async (resources: Resources) => (await resources.claimDue({ types: [type], limit: 1, leaseMs }))[0];
  await notePlace(sql, clock, "there");
  await here.insert(job("one", "now"));
  const first = await claim(there);
  assert.equal(first?.place, null);
  await there.settle(first!, { place: "here", due: "now", attempts: 0, reason: null });

  assert.equal(await claim(here), undefined);
  assert.equal(await here.nextDue([type]), undefined);
  assert.deepEqual(await there.nextDue([type]), clock.now());
  const second = await claim(there);
  assert.equal(second?.place, "there");
  await there.settle(second!, { due: "now", attempts: 0, reason: null });

  clock.advance(PLACE_SILENCE_MS - 1);
  assert.equal(await claim(here), undefined);
  clock.advance(1);
  const taken = await claim(here);
  assert.equal(taken?.place, "there");
  const mine = await here.save(taken!, { place: "here" });
  assert.equal(mine?.place, "here");
  await here.settle(mine!, { place: null, due: "now", attempts: 0, reason: null });
  assert.equal((await claim(there))?.place, null);
});

test("listeners hear of rows that come to rest", async () => {
  await using sql = await openTestSql();
  const { clock, resources } = setUp(sql);
  const heard: string[] = [];
  const listener = resources.onRest(({ name }) => heard.push(name));
  await resources.insert(job("one", "now"));
  const claim = () => resources.claimDue({ types: [type], limit: 1, leaseMs });
  const [lost] = await claim();
  clock.advance(leaseMs);
  const [claimed] = await claim();
  await resources.settle(lost!, { status: "Late", attempts: 0, reason: null });
  assert.deepEqual(heard, []);
  await resources.settle(claimed!, { due: "now", attempts: 0, reason: null });
  assert.deepEqual(heard, []);
  const [again] = await claim();
  await resources.settle(again!, { attempts: 0, reason: null });
  assert.deepEqual(heard, ["one"]);
  listener[Symbol.dispose]();
  await resources.insert(job("two", "now"));
  const [other] = await claim();
  await resources.settle(other!, { attempts: 0, reason: null });
  assert.deepEqual(heard, ["one"]);
});

test("twenty claimants never get the same row", async () => {
  await using sql = await openTestSql();
  const { resources } = setUp(sql);
  for (let index = 0; index < 40; index++) await resources.insert(job(`job-${index}`, "now"));
  const claims = await Promise.all(
    Array.from({ length: 20 }, () => resources.claimDue({ types: [type], limit: 3, leaseMs })),
  );
  const ids = claims.flat().map(({ id }) => id);
  const rest = await resources.claimDue({ types: [type], limit: 40, leaseMs });
  assert.equal(new Set([...ids, ...rest.map(({ id }) => id)]).size, 40);
  assert.equal(ids.length + rest.length, 40);
});

test("listeners hear of due rows after the commit, and not of rolled back ones", async () => {
  await using sql = await openTestSql();
  const { resources } = setUp(sql);
  let heard = 0;
  using _listener = resources.onDue(() => heard++);
  await sql.transaction(async (transaction) => {
    await resources.insert(job("one", "now"), transaction);
    assert.equal(heard, 0);
  });
  assert.equal(heard, 1);
  const failing = sql.transaction(async (transaction) => {
    await resources.insert(job("two", "now"), transaction);
    throw new Error("no");
  });
  await assert.rejects(failing, /no/);
  await resources.insert(job("three"));
  assert.equal(heard, 1);
});

async function namesOf(resources: ReturnType<typeof createResources>, query: ResourceQuery): Promise<string[]> {
  const names: string[] = [];
  for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
    const page = await resources.list({ ...query, nextToken });
    assert.ok(page.resources.length <= query.limit);
    names.push(...page.resources.map(({ name }) => name));
    nextToken = page.nextToken;
  }
  return names;
}

test("pages continue where the one before ended, in every order", async () => {
  await using sql = await openTestSql();
  const { clock, resources } = setUp(sql);
  for (const [index, name] of ["b", "d", "a", "e", "c"].entries()) {
    await resources.insert({ ...job(name), status: index < 3 ? "Completed" : "InProgress" });
    if (index % 2 === 1) clock.advance(1); // some are created in the same millisecond
  }
  const query = { ...owner, type, limit: 2 };
  assert.deepEqual(await namesOf(resources, query), ["b", "d", "a", "e", "c"]);
  assert.deepEqual(await namesOf(resources, { ...query, sortOrder: "descending" }), ["c", "e", "a", "d", "b"]);
  assert.deepEqual(await namesOf(resources, { ...query, sortBy: "name" }), ["a", "b", "c", "d", "e"]);
  assert.deepEqual(await namesOf(resources, { ...query, sortBy: "updatedAt" }), ["b", "d", "a", "e", "c"]);
  assert.deepEqual(await namesOf(resources, { ...query, sortBy: "status" }), ["b", "d", "a", "e", "c"]);
  assert.deepEqual(await namesOf(resources, { ...query, status: "InProgress" }), ["e", "c"]);
  assert.deepEqual(await namesOf(resources, { ...query, createdAfter: new Date("2026-01-01T00:00:00Z") }), [
    "a",
    "e",
    "c",
  ]);
});

test("a name filter takes % and _ as they are", async () => {
  await using sql = await openTestSql();
  const { resources } = setUp(sql);
  for (const name of ["a_b", "axb", "50%"]) await resources.insert(job(name));
  assert.deepEqual(await namesOf(resources, { ...owner, type, limit: 5, nameContains: "a_b" }), ["a_b"]);
  assert.deepEqual(await namesOf(resources, { ...owner, type, limit: 5, nameContains: "%" }), ["50%"]);
});

test("resources are found by ARN and by what their bodies contain, page by page", async () => {
  await using sql = await openTestSql();
  const { resources } = setUp(sql);
  for (const [index, name] of ["a", "b", "c", "d"].entries()) {
    const body = { approval: index % 2 === 0 ? "Approved" : "Rejected", source: { type: "Versioned", number: index } };
    await resources.insert({ ...job(name), arn: `arn:${name}`, body });
  }
  const query = { ...owner, type, limit: 1 };
  assert.deepEqual(await namesOf(resources, { ...query, arn: "arn:b" }), ["b"]);
  assert.deepEqual(await namesOf(resources, { ...query, bodyContains: { approval: "Approved" } }), ["a", "c"]);
  const both = { approval: "Approved", source: { type: "Versioned", number: 2 } };
  assert.deepEqual(await namesOf(resources, { ...query, bodyContains: both }), ["c"]);
  assert.deepEqual(await namesOf(resources, { ...query, bodyContains: { source: { number: 9 } } }), []);
});

test("a token that was changed or belongs to another listing is refused", async () => {
  await using sql = await openTestSql();
  const { resources } = setUp(sql);
  for (const name of ["a", "b", "c"]) await resources.insert(job(name));
  const query = { ...owner, type, limit: 1 };
  const { nextToken = "" } = await resources.list(query);
  const other = nextToken.startsWith("A") ? "B" : "A";
  for (const token of [`${other}${nextToken.slice(1)}`, `${nextToken}x`, "", "x.y", `${nextToken}.z`]) {
    await assert.rejects(resources.list({ ...query, nextToken: token }), { code: "InvalidToken" });
  }
  await assert.rejects(resources.list({ ...query, sortBy: "name", nextToken }), { code: "InvalidToken" });
});
