import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { createAccessKeys } from "./access-keys.ts";
import { deleteExpiredAccessKeys } from "./delete-expired-access-keys.ts";

const identity = { accountId: "111122223333", arn: "arn:aws:iam::111122223333:root" };

function clockAt(start: string) {
  let now = new Date(start);
  return { now: () => now, advance: (ms: number) => (now = new Date(now.getTime() + ms)) };
}

test("a key pair is made in AWS's form, found, listed and deleted", async () => {
  await using sql = await openTestSql();
  const keys = createAccessKeys({ sql, clock: clockAt("2026-03-01") });
  const made = await keys.create(identity);
  assert.match(made.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
  assert.match(made.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.deepEqual(keys.find(made.accessKeyId), made, "answers a known key without a promise");
  const others = createAccessKeys({ sql, clock: clockAt("2026-03-01") });
  assert.deepEqual(await others.find(made.accessKeyId), made);
  assert.deepEqual(await keys.list({ accountId: identity.accountId, limit: 10 }), [made]);
  assert.deepEqual(await keys.list({ accountId: identity.accountId, limit: 10, startAfter: made.accessKeyId }), []);
  await keys.delete(made.accessKeyId);
  assert.equal(await keys.find(made.accessKeyId), undefined);
});

test("a key that was deleted elsewhere is refused after a minute", async () => {
  await using sql = await openTestSql();
  const clock = clockAt("2026-03-01");
  const keys = createAccessKeys({ sql, clock });
  const made = await keys.create(identity);
  await createAccessKeys({ sql, clock }).delete(made.accessKeyId);
  assert.deepEqual(keys.find(made.accessKeyId), made);
  clock.advance(60_000);
  assert.equal(await keys.find(made.accessKeyId), undefined);
});

test("adopting keeps what is known", async () => {
  await using sql = await openTestSql();
  const keys = createAccessKeys({ sql, clock: clockAt("2026-03-01") });
  const key = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret", ...identity };
  await keys.adopt(key);
  await keys.adopt({ ...key, secretAccessKey: "another" });
  keys.forgetCached();
  assert.deepEqual(await keys.find("AKIAEXAMPLE"), key);
});

test("temporary credentials are deleted a day after they expired", async () => {
  await using sql = await openTestSql();
  const clock = clockAt("2026-03-01T00:00:00Z");
  const keys = createAccessKeys({ sql, clock });
  const made = await keys.createTemporary(identity, 900);
  assert.match(made.accessKeyId, /^ASIA/);
  assert.equal(made.sessionToken?.length, 256);
  assert.deepEqual(made.expiresAt, new Date("2026-03-01T00:15:00Z"));
  assert.deepEqual(await keys.list({ accountId: identity.accountId, limit: 10 }), []);
  assert.equal(await deleteExpiredAccessKeys({ sql, now: new Date("2026-03-02T00:14:00Z") }), 0);
  assert.equal(await deleteExpiredAccessKeys({ sql, now: new Date("2026-03-02T00:16:00Z") }), 1);
  keys.forgetCached();
  assert.equal(await keys.find(made.accessKeyId), undefined);
});
