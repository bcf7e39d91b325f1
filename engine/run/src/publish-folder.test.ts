import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { createDiskBodies, createObjects } from "@rondo/store";
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
    async publish(folder: string, s3Uri: string, since?: string): Promise<string> {
      const { accountId } = bucket;
      const { signal } = new AbortController();
      return await publishFolder({ objects, accountId, directory, folder, s3Uri, since, signal });
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
