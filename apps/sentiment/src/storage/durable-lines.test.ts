import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { linesOf } from "./durable-lines.ts";

test("who stops reading in the middle leaves no file open", { skip: process.platform !== "linux" }, async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), "lines-"));
  const path = join(home.path, "rows.json");
  await writeFile(path, `${"x".repeat(99)}\n`.repeat(5_000));
  const openFiles = () => readdirSync("/proc/self/fd").length;
  const before = openFiles();
  for (let round = 0; round < 20; round += 1) {
    for await (const line of linesOf(path)) {
      assert.equal(line.length, 99);
      break;
    }
  }
  // Closing takes a turn of the event loop.
  const deadline = Date.now() + 5_000;
  while (openFiles() > before + 5 && Date.now() < deadline) await new Promise(setImmediate);
  assert.ok(openFiles() <= before + 5, `${openFiles() - before} files are open`);
});
