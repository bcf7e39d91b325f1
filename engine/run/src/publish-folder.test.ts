import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { createDiskBodies, createObjects, type Objects } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { publishFolder } from "./publish-folder.ts";

const bucket = { accountId: "111122223333", bucket: "data" };

test("every file becomes an object, and nothing else does", async () => {
  await using bench = await openBench();
  await bench.write("out/file", "one");
  await bench.write("out/deep/er/file", "two");
  await bench.write("secret", "not for anybody");
  await mkdir(join(bench.directory, "out", "empty"));
  await symlink(join(bench.directory, "secret"), join(bench.directory, "out", "link"));
  await symlink(bench.directory, join(bench.directory, "out", "folder"));
  await bench.publish("out", "s3://data/prefix/");
  assert.deepEqual(await bench.objects(), { "prefix/file": "one", "prefix/deep/er/file": "two" });
  await bench.publish("out", "s3://data");
  assert.deepEqual(Object.keys(await bench.objects()).toSorted(), [
    "deep/er/file",
    "file",
    "prefix/deep/er/file",
    "prefix/file",
  ]);
});

test("a folder that is not there, or is a link, publishes nothing", async () => {
  await using bench = await openBench();
  await bench.write("elsewhere/file", "one");
  await symlink(join(bench.directory, "elsewhere"), join(bench.directory, "out"));
  await bench.publish("out", "s3://data/x");
  await bench.publish("none", "s3://data/x");
  assert.deepEqual(await bench.objects(), {});
});

test("since a mark only what changed is published, moved files too", async () => {
  await using bench = await openBench();
  await bench.write("out/old", "one");
  await bench.write("tmp/moved", "two");
  const mark = await bench.publish("out", "s3://data/x");
  await bench.delete("x/old");
  await rename(join(bench.directory, "tmp/moved"), join(bench.directory, "out/moved"));
  await bench.write("out/new", "three");
  const next = await bench.publish("out", "s3://data/x", mark);
  assert.deepEqual(await bench.objects(), { "x/moved": "two", "x/new": "three" });
  assert.ok(BigInt(next) > BigInt(mark));
  assert.equal(await bench.publish("out", "s3://data/x", next), next);
});

test("what changes while a folder is published is published by the next call", async () => {
  await using bench = await openBench();
  const names = ["a", "b", "c"];
  for (const name of names) await bench.write(`out/${name}`, "before");
  const published: string[] = [];
  const mark = await bench.publish("out", "s3://data/x", undefined, async (key) => {
    published.push(key.slice(2));
    // The first one changes, and after it one whose turn is still to come.
    const coming = names.find((name) => !published.includes(name)) ?? "";
    if (published.length === 2)
      for (const name of [published[0] ?? "", coming]) await bench.writeLater(`out/${name}`, "after");
  });
  assert.equal((await bench.objects())[`x/${published[0]}`], "before");
  await bench.publish("out", "s3://data/x", mark);
  assert.equal((await bench.objects())[`x/${published[0]}`], "after");
});

test("of a file that grows for ever the part that was there is published, and a pipe is none", async () => {
  await using bench = await openBench();
  await bench.write("out/log", "begin\n");
  execFileSync("mkfifo", [join(bench.directory, "out/pipe")]);
  await bench.publish("out", "s3://data/x", undefined, async () => await bench.write("out/log", "begin\nmore\n"));
  assert.deepEqual(await bench.objects(), { "x/log": "begin\n" });
});

test("a bucket that is not there is an error", async () => {
  await using bench = await openBench();
  await bench.write("out/file", "one");
  await assert.rejects(bench.publish("out", "s3://nowhere/x"), { code: "NoSuchBucket" });
});

async function openBench() {
  const sql = await openTestSql();
  const directory = await mkdtemp(join(tmpdir(), "rondo-publish-"));
  const clock = { now: () => new Date() };
  const objects = createObjects({ sql, clock, bodies: createDiskBodies({ directory: join(directory, "objects") }) });
  await objects.createBucket({ ...bucket, region: "us-east-1" });
  return {
    directory,
    async write(path: string, text: string): Promise<void> {
      await mkdir(join(directory, path, ".."), { recursive: true });
      await writeFile(join(directory, path), text);
    },
    /** Writes until the file system's clock, which goes in steps of some milliseconds, has gone on. */
    async writeLater(path: string, text: string): Promise<void> {
      const changed = async () => (await stat(join(directory, path), { bigint: true })).ctimeNs;
      for (const before = await changed(); (await changed()) === before; ) await writeFile(join(directory, path), text);
    },
    /** `beforePut` is called for each object. */
    async publish(folder: string, s3Uri: string, since?: string, beforePut?: (key: string) => Promise<void>) {
      const put: Objects["put"] = async (at, key, ...rest) => {
        await beforePut?.(key);
        return await objects.put(at, key, ...rest);
      };
      const { signal } = new AbortController();
      const options = { accountId: bucket.accountId, directory, folder, s3Uri, since, signal };
      return await publishFolder({ ...options, objects: { ...objects, put } });
    },
    delete: (key: string) => objects.delete(bucket, key),
    async objects(): Promise<Record<string, string>> {
      const found: Record<string, string> = {};
      for (const { key } of (await objects.list({ ...bucket, limit: 100 })).objects) {
        const { body } = await objects.get(bucket, key);
        found[key] = (Buffer.isBuffer(body) ? body : await buffer(body)).toString();
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      await objects.close();
      await sql.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
