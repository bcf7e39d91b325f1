import assert from "node:assert/strict";
import { mkdtempDisposable, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hashUserId, readUserIdKey } from "./user-id-key.ts";

test("the key is made once, for its owner's eyes only, and a setting wins over it", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "key-"));
  const path = join(folder.path, "sentiment", "user-id-key");
  const [one, other] = [await readUserIdKey(undefined, path), await readUserIdKey(undefined, path)];
  assert.equal(one, other);
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(await readUserIdKey("mine", path), "mine");
});

test("a damaged key is no key", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "key-"));
  const path = join(folder.path, "user-id-key");
  await writeFile(path, "");
  await assert.rejects(readUserIdKey(undefined, path), /is damaged/);
});

test("one user has one hash under one key, and nobody else has it", () => {
  assert.equal(hashUserId("ada", "key"), hashUserId("ada", "key"));
  assert.notEqual(hashUserId("ada", "key"), hashUserId("bob", "key"));
  assert.notEqual(hashUserId("ada", "key"), hashUserId("ada", "another key"));
});
