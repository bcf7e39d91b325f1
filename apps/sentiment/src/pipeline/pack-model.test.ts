import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packModel } from "./pack-model.ts";

async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), "pack-model-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("the artifact has the model's files and the tokenizer; the same content is the same bytes", async () => {
  await using folder = await openFolder();
  const model = randomBytes(300_000);
  await mkdir(join(folder.path, "trained"));
  await writeFile(join(folder.path, "trained", "model.bin"), model);
  await writeFile(join(folder.path, "trained", "tokenizer.json"), "an old one");
  const trained = join(folder.path, "trained.tar.gz");
  execFileSync("tar", ["-czf", trained, "-C", join(folder.path, "trained"), "."]);
  const targets = [join(folder.path, "one.tar.gz"), join(folder.path, "two.tar.gz")] as const;
  const hashes = [await packModel(trained, { "tokenizer.json": "{}" }, targets[0])];
  hashes.push(await packModel(trained, { "tokenizer.json": "{}" }, targets[1]));
  assert.equal(hashes[0], hashes[1]);
  assert.equal(
    hashes[0],
    createHash("sha256")
      .update(await readFile(targets[0]))
      .digest("hex"),
  );
  await mkdir(join(folder.path, "out"));
  execFileSync("tar", ["-xzf", targets[0], "-C", join(folder.path, "out")]);
  assert.deepEqual(await readFile(join(folder.path, "out", "model.bin")), model);
  assert.equal(await readFile(join(folder.path, "out", "tokenizer.json"), "utf8"), "{}");
});

test("a damaged archive is an error, not a hang", async () => {
  await using folder = await openFolder();
  const trained = join(folder.path, "trained.tar.gz");
  await writeFile(trained, "no archive");
  await assert.rejects(packModel(trained, {}, join(folder.path, "out.tar.gz")), /header/);
});
