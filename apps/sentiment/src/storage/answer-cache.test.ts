import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createAnswerCache } from "./answer-cache.ts";

interface Answers {
  readonly models: readonly string[];
  readonly active: string;
}

const away = () => Promise.reject(Object.assign(new Error(""), { code: "ECONNREFUSED" }));
const options = { clock: { now: () => new Date(0) }, onFault: assert.ifError };
const folder = () => mkdtempDisposable(join(tmpdir(), "answers-"));

test("the last answer is given, marked as stale, while nobody answers; also after a restart", async () => {
  await using home = await folder();
  const path = join(home.path, "models.json");
  const cache = createAnswerCache<Answers>(path, options);
  await Promise.all([cache.answer("models", async () => ["v1"]), cache.answer("active", async () => "v1")]);
  const restarted = createAnswerCache<Answers>(path, { ...options, clock: { now: () => new Date(60_000) } });
  assert.deepEqual(await restarted.answer("models", away), {
    value: ["v1"],
    stale: true,
    read_at: "1970-01-01T00:00:00.000Z",
  });
  assert.equal((await restarted.answer("active", away)).value, "v1");
  assert.equal((await restarted.answer("active", async () => "v2")).stale, false);
});

test("without a last answer, and with a damaged file, the failure is the caller's", async () => {
  await using home = await folder();
  const path = join(home.path, "models.json");
  await assert.rejects(createAnswerCache<Answers>(path, options).answer("active", away), { code: "ECONNREFUSED" });
  await writeFile(path, '{"active":');
  await assert.rejects(createAnswerCache<Answers>(path, options).answer("active", away), { code: "ECONNREFUSED" });
});

test("a refusal is no reason for an old answer", async () => {
  await using home = await folder();
  const cache = createAnswerCache<Answers>(join(home.path, "models.json"), options);
  await cache.answer("active", async () => "v1");
  await assert.rejects(
    cache.answer("active", () => Promise.reject(new Error("no right"))),
    /no right/,
  );
});

test("an answer that cannot be kept is given all the same", async () => {
  await using home = await folder();
  const notAFolder = join(home.path, "file");
  await writeFile(notAFolder, "");
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const cache = createAnswerCache<Answers>(join(notAFolder, "models.json"), { ...options, onFault });
  assert.equal((await cache.answer("active", async () => "v1")).value, "v1");
  assert.equal(faults.length, 1);
});
