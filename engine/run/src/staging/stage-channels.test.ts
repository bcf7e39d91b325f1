import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createDiskBodies, createObjects } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { InputChannel } from "./channel.ts";
import { stageChannels } from "./stage-channels.ts";
import { writeConfiguration } from "./write-configuration.ts";

const accountId = "111122223333";
const bucket = { accountId, bucket: "data" };

test("a prefix is a folder or the beginning of keys, and files lie by what follows", async () => {
  await using bench = await openBench({
    "train/1.csv": "one",
    "train/deep/2.csv": "two",
    "train/folder/": "",
    "parts/part-0": "p0",
    "parts/part-1": "p1",
    "single/file.csv": "s",
    "Ünïcode/ключ 1": "u",
  });
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["s3://data/train", ["1.csv", "deep/2.csv"]],
    ["s3://data/train/", ["1.csv", "deep/2.csv"]],
    ["s3://data/parts/part", ["part-0", "part-1"]],
    ["s3://data/single/file.csv", ["file.csv"]],
    ["s3://data/Ünïcode", ["ключ 1"]],
  ];
  for (const [index, [s3Uri, files]] of cases.entries()) {
    const name = `channel-${index}`;
    await bench.stage([{ name, s3Uri, dataType: "S3Prefix" }]);
    assert.deepEqual(await bench.files(name), files, s3Uri);
  }
  assert.equal(await readFile(join(bench.directory, "input/data/channel-0/deep/2.csv"), "utf8"), "two");
  assert.deepEqual(await readdir(join(bench.directory, "tmp")), []);
});

test("a manifest names the keys", async () => {
  await using bench = await openBench({
    "m.manifest": JSON.stringify([{ prefix: "s3://data/pool/" }, "a", "deep/b"]),
    "gone.manifest": JSON.stringify([{ prefix: "s3://data/pool/" }, "missing"]),
    "bad.manifest": "{}",
    "pool/a": "A",
    "pool/deep/b": "B",
    "pool/c": "C",
  });
  await bench.stage([{ name: "train", s3Uri: "s3://data/m.manifest", dataType: "ManifestFile" }]);
  assert.deepEqual(await bench.files("train"), ["a", "deep/b"]);
  for (const [manifest, message] of [
    ["gone", /NoSuchKey|NotFound/],
    ["bad", /not of the form/],
    ["none", /NoSuchKey/],
  ] as const) {
    const channel = { name: manifest, s3Uri: `s3://data/${manifest}.manifest`, dataType: "ManifestFile" } as const;
    await assert.rejects(bench.stage([channel]), { name: "ClientError", message });
  }
});

test("no key leads out of the channel's directory", async () => {
  const keys = ["../evil", "a/../../evil", "./evil", "a//evil", "/evil", "..", `${"x".repeat(256)}`];
  for (const key of keys) {
    await using bench = await openBench({ [`in/${key}`]: "evil" });
    const channel = { name: "train", s3Uri: "s3://data/in/", dataType: "S3Prefix" } as const;
    await assert.rejects(bench.stage([channel]), { name: "ClientError", message: /cannot be the name of a file/ }, key);
    assert.deepEqual(await bench.files("train"), []);
  }
});

test("two objects never become one file", async () => {
  await using bench = await openBench({ "train/train2/x": "first", "train2/x": "second!" });
  const channel = { name: "train", s3Uri: "s3://data/train", dataType: "S3Prefix" } as const;
  await assert.rejects(bench.stage([channel]), { name: "ClientError", message: /same file name/ });
  await using nested = await openBench({ "in/a": "file", "in/a/b": "below a file" });
  const below = { name: "train", s3Uri: "s3://data/in/", dataType: "S3Prefix" } as const;
  await assert.rejects(nested.stage([below]), { name: "ClientError" });
});

test("repeated, it copies what is missing and leaves the rest", async () => {
  await using bench = await openBench({ "in/a": "A", "in/b": "B".repeat(100_000) });
  const channel: InputChannel = { name: "train", s3Uri: "s3://data/in/", dataType: "S3Prefix" };
  await bench.stage([channel]);
  const file = join(bench.directory, "input/data/train/a");
  const before = await stat(file);
  await rm(join(bench.directory, "input/data/train/b"));
  await bench.stage([channel]);
  assert.deepEqual(await bench.files("train"), ["a", "b"]);
  const after = await stat(file);
  assert.equal(after.ino, before.ino);
  assert.equal((await stat(join(bench.directory, "input/data/train/b"))).size, 100_000);
});

test("repeated, it takes the place of what was replaced since, and still tells two objects from each other", async () => {
  await using bench = await openBench({ "train/a": "old", "train/deep/b": "same" });
  const channel: InputChannel = { name: "train", s3Uri: "s3://data/train", dataType: "S3Prefix" };
  await bench.stage([channel]);
  await bench.tick();
  await bench.put("train/a", "another one");
  await bench.stage([channel]);
  assert.equal(await readFile(join(bench.directory, "input/data/train/a"), "utf8"), "another one");
  await bench.tick();
  await bench.put("train/train2", "the same file name as the next");
  await bench.put("train2", "!");
  await bench.stage([{ ...channel, s3Uri: "s3://data/train/" }]);
  await bench.tick();
  await assert.rejects(bench.stage([channel]), { name: "ClientError", message: /same file name/ });
});

test("staging can be aborted", async () => {
  await using bench = await openBench({ "in/a": "A" });
  const channel = { name: "train", s3Uri: "s3://data/in/", dataType: "S3Prefix" } as const;
  await assert.rejects(bench.stage([channel], AbortSignal.abort()), { name: "AbortError" });
});

test("the configuration files are those of SageMaker's containers", async () => {
  await using bench = await openBench({});
  const channels: InputChannel[] = [
    { name: "train", s3Uri: "s3://data/in/", dataType: "S3Prefix", contentType: "text/csv" },
  ];
  const checkpoint = { LocalPath: "/opt/ml/checkpoints", S3Uri: "s3://data/checkpoints" };
  const job = { hyperparameters: { epochs: "5" }, channels, instanceType: "ml.m5.large", checkpoint };
  await writeConfiguration(bench.directory, job);
  await writeConfiguration(bench.directory, job);
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(bench.directory, "input/config", `${name}.json`), "utf8"));
  assert.deepEqual(await read("hyperparameters"), { epochs: "5" });
  assert.deepEqual(await read("inputdataconfig"), {
    train: {
      ContentType: "text/csv",
      TrainingInputMode: "File",
      S3DistributionType: "FullyReplicated",
      RecordWrapperType: "None",
    },
  });
  assert.deepEqual(await read("checkpointconfig"), checkpoint);
  const resources = (await read("resourceconfig")) as Record<string, unknown>;
  assert.equal(resources["current_host"], "algo-1");
  assert.deepEqual(resources["hosts"], ["algo-1"]);
  for (const folder of ["model", "output/data", "input/data"])
    assert.ok((await stat(join(bench.directory, folder))).isDirectory());
});

async function openBench(contents: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), "rondo-staging-"));
  const directory = join(root, "job");
  const sql = await openTestSql();
  const clock = { now: () => new Date() };
  const objects = createObjects({ sql, clock, bodies: createDiskBodies({ directory: join(root, "objects") }) });
  await objects.createBucket({ ...bucket, region: "eu-west-1" });
  for (const [key, content] of Object.entries(contents)) await objects.put(bucket, key, Buffer.from(content));
  return {
    directory,
    stage: (channels: readonly InputChannel[], signal = new AbortController().signal) =>
      stageChannels({ objects, accountId, channels, directory, signal }),
    put: (key: string, content: string) => objects.put(bucket, key, Buffer.from(content)),
    /** Waits until the file system's clock, which goes in steps of some milliseconds, has gone on. */
    async tick(): Promise<void> {
      const touch = async (): Promise<number> => {
        await writeFile(join(root, "touched"), "");
        return (await stat(join(root, "touched"))).ctimeMs;
      };
      for (const before = await touch(); (await touch()) === before; );
    },
    /** Relative paths of a channel's files, sorted. */
    async files(channel: string): Promise<string[]> {
      const folder = join(directory, "input/data", channel);
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return paths.map((path) => path.slice(folder.length + 1)).toSorted();
    },
    async [Symbol.asyncDispose]() {
      await objects.close();
      await sql.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
