import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Objects } from "@rondo/store";
import { collectModel, readExitMessage, readFailure } from "./collect.ts";

test("the beginning of what the program says is read, no character of it cut in two", async () => {
  await using job = await openJob();
  assert.equal(await readFailure(job.directory), undefined);
  await writeFile(join(job.directory, "output/failure"), " bad\0 data\n");
  assert.equal(await readFailure(job.directory), "bad\uFFFD data");
  await writeFile(join(job.directory, "output/message"), `${"x".repeat(1022)}€ and more`);
  assert.equal(await readExitMessage(job.directory), "x".repeat(1022));
});

test("a link, a folder or a pipe in the place of a message says nothing", async () => {
  await using job = await openJob();
  const failure = join(job.directory, "output/failure");
  await writeFile(join(job.directory, "secret"), "not for anybody");
  for (const make of [
    () => symlink(join(job.directory, "secret"), failure),
    () => mkdir(failure),
    async () => void execFileSync("mkfifo", [failure]),
  ]) {
    await make();
    assert.equal(await readFailure(job.directory), undefined);
    await rm(failure, { recursive: true });
  }
});

test("a model folder that is gone is empty, and a link in its place is refused", async () => {
  await using job = await openJob();
  const sizes: number[] = [];
  const put = async (_bucket: object, _key: string, body: AsyncIterable<Buffer>) => {
    let size = 0;
    for await (const chunk of body) size += chunk.length;
    sizes.push(size);
  };
  const options = {
    objects: { put } as object as Objects,
    accountId: "111122223333",
    directory: job.directory,
    outputPath: "s3://data/out/",
    jobName: "job",
    signal: new AbortController().signal,
  };
  assert.equal(await collectModel(options), "s3://data/out/job/output/model.tar.gz");
  assert.equal(sizes.length, 1);
  await rm(join(job.directory, "model"), { recursive: true });
  await symlink("/etc", join(job.directory, "model"));
  await assert.rejects(collectModel(options), { code: "InvalidArchive", message: "model is not a folder any more." });
  assert.equal(sizes.length, 1);
});

async function openJob() {
  const directory = await mkdtemp(join(tmpdir(), "rondo-collect-"));
  await mkdir(join(directory, "output"));
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
