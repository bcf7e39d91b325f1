import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { codeBlocks } from "./code-blocks.ts";
import { launchServer } from "./launch-server.ts";

const ROOT = resolve(import.meta.dirname, "../..");

test("README.md: the TypeScript example runs as it stands and predicts", async () => {
  const [example = "", ...others] = await codeBlocks(join(ROOT, "README.md"), "ts");
  assert.deepEqual(others, [], "a second example needs a test too");
  await using server = await launchServer();
  // In the checkout, as the text says, so that it finds the packages.
  await mkdir(join(ROOT, ".cache"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, ".cache", "readme-"));
  try {
    const program = join(folder, "opinions.ts");
    await writeFile(program, example);
    const env = { ...process.env, ...server.variables };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env, timeout: 120_000 });
    assert.match(stdout, /#train_accuracy|Number of/, "the job's log");
    assert.match(stdout, /__label__good/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
