import assert from "node:assert/strict";
import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
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

test("a file that was cut short is an error before the first byte", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "rondo-bodies-"));
  await using _folder = { [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
  const bodies = createDiskBodies({ directory });
  await bodies.write("cut-short", Readable.from([Buffer.alloc(100_000, "x")]));
  await truncate(path.join(directory, "cu", "cut-short"), 60_000);
  await assert.rejects(bodies.read("cut-short", { start: 0, end: 99_999 }), {
    code: "InternalError",
    message: /60000 bytes on disk/,
  });
  assert.equal((await buffer(await bodies.read("cut-short", { start: 0, end: 59_999 }))).byteLength, 60_000);
});
