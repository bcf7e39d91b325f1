import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { prepareHome } from "./home.ts";

test("the home is made for its owner only; what cannot be one is named with what to do", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "rondo-home-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const { path } = await prepareHome(join(folder, "deep", "home"));
  assert.equal((await stat(path)).mode & 0o777, 0o700);

  const file = join(folder, "file");
  await writeFile(file, "");
  await assert.rejects(
    prepareHome(file),
    /file cannot be the home of Rondo: EEXIST.*Choose another folder with --home/,
  );
});
