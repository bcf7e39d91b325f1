import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { ModelCache } from "./model-cache.ts";
import { ServeError } from "./serve-error.ts";
import { countingModel, memoryObjects } from "./testing/memory-objects.ts";
import { temporaryDirectory } from "./testing/temporary-directory.ts";

const url = "s3://bucket/model.tar.gz";
const source = { accountId: "111122223333", url };
const { signal } = new AbortController();

async function setUp(files: Map<string, Buffer>, maxBytes?: number) {
  const home = await temporaryDirectory();
  let milliseconds = 0;
  const open = () =>
    new ModelCache({
      directory: path.join(home.path, "models"),
      objects: memoryObjects(files),
      clock: { now: () => new Date((milliseconds += 1000)) },
      maxBytes,
    });
  return { home, directory: path.join(home.path, "models"), open };
}

const answerOf = (directory: string) => readFile(path.join(directory, "answer"), "utf8");

function isNotLoadable(pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ServeError, String(error));
    assert.equal(error.code, "ModelNotLoadable");
    assert.match(error.message, pattern);
    return true;
  };
}

test("unpacks a model once for all who ask at the same time", async () => {
  const files = new Map([[url, await countingModel("yes")]]);
  const { home, open, directory } = await setUp(files);
  await using _ = home;
  const cache = open();
  const models = await Promise.all([cache.acquire(source, signal), cache.acquire(source, signal)]);
  assert.equal(models[0].directory, models[1].directory);
  assert.equal(await answerOf(models[0].directory), "yes");
  assert.equal((await readdir(directory)).length, 1);
});

test("a replaced object is another model", async () => {
  const files = new Map([[url, await countingModel("yes")]]);
  const { home, open } = await setUp(files);
  await using _ = home;
  const cache = open();
  await cache.acquire(source, signal);
  files.set(url, await countingModel("no"));
  assert.equal(await answerOf((await cache.acquire(source, signal)).directory), "no");
});

test("after a restart a known ETag needs no object", async () => {
  const files = new Map([[url, await countingModel("yes")]]);
  const { home, open } = await setUp(files);
  await using _ = home;
  const { etag } = await open().acquire(source, signal);
  files.clear();
  assert.equal(await answerOf((await open().acquire({ ...source, etag }, signal)).directory), "yes");
});

test("an object that was replaced is not taken for the one that was deployed", async () => {
  const files = new Map([[url, await countingModel("no")]]);
  const { home, open } = await setUp(files);
  await using _ = home;
  await assert.rejects(open().acquire({ ...source, etag: '"other"' }, signal), isNotLoadable(/has been replaced/));
});

test("what cannot be loaded is said with its URL, and leaves nothing behind", async () => {
  const files = new Map<string, Buffer>([[url, Buffer.from("no archive")]]);
  const { home, open, directory } = await setUp(files);
  await using _ = home;
  const cache = open();
  await assert.rejects(cache.acquire(source, signal), isNotLoadable(/s3:\/\/bucket\/model\.tar\.gz.*archive/));
  await assert.rejects(
    cache.acquire({ ...source, url: "s3://bucket/none" }, signal),
    isNotLoadable(/s3:\/\/bucket\/none.*does not exist/),
  );
  await assert.rejects(
    cache.acquire({ ...source, url: "https://host/x" }, signal),
    isNotLoadable(/s3:\/\/bucket\/key/),
  );
  assert.deepEqual(await readdir(directory), []);
  files.set(url, await countingModel("yes"));
  assert.equal(await answerOf((await cache.acquire(source, signal)).directory), "yes");
});

test("without a URL the model is an empty directory", async () => {
  const { home, open } = await setUp(new Map());
  await using _ = home;
  const model = await open().acquire({ accountId: "111122223333" }, signal);
  assert.deepEqual(await readdir(model.directory), []);
});

test("of models that nobody uses the oldest go first", async () => {
  const urls = ["one", "two", "three"].map((name) => `s3://bucket/${name}`);
  const files = new Map(await Promise.all(urls.map(async (one) => [one, await countingModel(one)] as const)));
  const { home, open, directory } = await setUp(files, 0);
  await using _ = home;
  const cache = open();
  const [one, two] = urls.map((each) => ({ ...source, url: each }));
  const held = await cache.acquire(one!, signal);
  (await cache.acquire(two!, signal)).release();
  await cache.acquire({ ...source, url: urls[2] }, signal);
  assert.equal((await readdir(directory)).length, 2);
  assert.equal(await answerOf(held.directory), "s3://bucket/one");
  assert.equal(await answerOf((await cache.acquire(two!, signal)).directory), "s3://bucket/two");
});

test("the rest of a crash is swept at the start", async () => {
  const { home, open, directory } = await setUp(new Map());
  await using _ = home;
  await mkdir(path.join(directory, "partial-1", "model"), { recursive: true });
  await mkdir(path.join(directory, "a".repeat(64)), { recursive: true });
  await writeFile(path.join(directory, "stray"), "");
  await open().acquire({ accountId: "111122223333" }, signal);
  const names = await readdir(directory);
  assert.equal(names.length, 1);
  assert.notEqual(names[0], "a".repeat(64));
});
