import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeSparseFile } from "./sparse-file.ts";

test("what is read back is what was written, zeros at the start, in between and at the end", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sparse-"));
  try {
    const path = join(directory, "file");
    const zeros = Buffer.alloc(10_000);
    const some = Buffer.concat([zeros, Buffer.from("some"), zeros]);
    for (const pieces of [
      [],
      [zeros],
      [some],
      [Buffer.from("x"), zeros, Buffer.alloc(0), some, zeros, Buffer.from("y"), Buffer.alloc(4095)],
    ]) {
      await writeSparseFile(path, pieces);
      assert.equal(Buffer.compare(await readFile(path), Buffer.concat(pieces)), 0);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
