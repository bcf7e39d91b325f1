import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { obtainEnvironment } from "./environment-cache.ts";
import { evictEnvironments } from "./evict-environments.ts";

const signal = AbortSignal.timeout(60_000);
const LONG_AGO = new Date("2020-01-01T00:00:00Z");
const unusedSince = new Date("2024-01-01T00:00:00Z");

test("what was not used for long is deleted, what was used since stays", async () => {
  const directory = await mkdtemp(join(tmpdir(), "rondo-environments-"));
  const build = async (path: string): Promise<string[]> => {
    await writeFile(join(path, "content"), "");
    return [];
  };
  const obtain = (name: string) => obtainEnvironment({ directory, key: { name }, build, signal });
  try {
    const [used, unused, fresh] = [await obtain("used"), await obtain("unused"), await obtain("fresh")];
    for (const { path } of [used, unused]) await utimes(join(path, "environment.json"), LONG_AGO, LONG_AGO);
    assert.equal((await obtain("used")).isNew, false);
    const half = join(directory, `${"a".repeat(24)}.01234567`);
    await mkdir(half);
    await utimes(half, LONG_AGO, LONG_AGO);
    assert.equal(await evictEnvironments({ directory, unusedSince, signal }), 1);
    const left = [used, fresh].flatMap(({ path }) => [path, path.replace(/\.[^.]+$/, "")]);
    assert.deepEqual((await readdir(directory)).map((name) => join(directory, name)).toSorted(), left.toSorted());
    assert.equal((await obtain("unused")).isNew, true);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("where there is no cache there is nothing to evict", async () => {
  assert.equal(await evictEnvironments({ directory: join(tmpdir(), "rondo-no-such-cache"), unusedSince, signal }), 0);
});
