import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readServerFile, removeServerFile, writeServerFile } from "./server-file.ts";

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rondo-test-"));
  try {
    await work(join(folder, "server.json"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const server = { pid: process.pid, url: "http://127.0.0.1:4700", startedAt: "2026-01-01T00:00:00.000Z" };

test("what was written is read, until it is removed", async () => {
  await inFolder(async (path) => {
    assert.equal(await readServerFile(path), undefined);
    await writeServerFile(path, server);
    assert.deepEqual(await readServerFile(path), server);
    await removeServerFile(path);
    assert.equal(await readServerFile(path), undefined);
  });
});

test("a server that has ended, and a file that was cut short, name no server", async () => {
  await inFolder(async (path) => {
    // No process has the largest id that a kernel gives.
    await writeServerFile(path, { ...server, pid: 4_194_304 });
    assert.equal(await readServerFile(path), undefined);
    for (const text of ["", "{", "null", '{"pid": "x"}', '{"pid": 1}']) {
      await writeFile(path, text);
      assert.equal(await readServerFile(path), undefined, text);
    }
  });
});
