import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createDiskBodies } from "./disk-bodies.ts";
import { bodiesSuite } from "./testing/bodies-suite.ts";

async function openTestBodies() {
  const directory = await mkdtemp(path.join(tmpdir(), "rondo-bodies-"));
  return {
    ...createDiskBodies({ directory }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

bodiesSuite("disk", openTestBodies);

test("an id is never a path", async () => {
  await using bodies = await openTestBodies();
  for (const id of ["../../etc/passwd", "a/b", "", ".", "..", "a\0b"]) {
    await assert.rejects(async () => bodies.read(id), /is no id of a body/);
  }
});
