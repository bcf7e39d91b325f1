import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type CachedEnvironment, type EnvironmentRecipe, obtainEnvironment } from "./environment-cache.ts";

const signal = AbortSignal.timeout(60_000);
const MODULE = new URL("./environment-cache.ts", import.meta.url).href;

async function openCache(): Promise<AsyncDisposable & { readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "rondo-environments-"));
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

async function fill(path: string): Promise<string[]> {
  await writeFile(join(path, "content"), path);
  return ["a note"];
}

test("made once for each key, by whoever comes first", async () => {
  await using cache = await openCache();
  let builds = 0;
  const gate = Promise.withResolvers<void>();
  const build: EnvironmentRecipe["build"] = async (path) => {
    builds += 1;
    await gate.promise;
    return await fill(path);
  };
  const obtain = (key: object): Promise<CachedEnvironment> =>
    obtainEnvironment({ directory: cache.directory, key, build, signal });
  const waiting = [obtain({ a: 1 }), obtain({ a: 1 }), obtain({ a: 1 })];
  gate.resolve();
  const [first, ...others] = await Promise.all(waiting);
  assert.equal(builds, 1);
  assert.deepEqual([first, ...others].filter((environment) => environment?.isNew).length, 1);
  assert.deepEqual(new Set(others.map(({ path }) => path)), new Set([first?.path]));
  assert.equal(await readFile(join(first?.path ?? "", "content"), "utf8"), first?.path);
  assert.deepEqual(await obtain({ a: 1 }), { path: first?.path, notes: ["a note"], isNew: false });
  assert.notEqual((await obtain({ a: 2 })).path, first?.path);
});

test("a build that fails leaves nothing, and the next one may succeed", async () => {
  await using cache = await openCache();
  const recipe = { directory: cache.directory, key: {}, signal };
  const fail = async (path: string): Promise<never> => {
    await fill(path);
    throw new Error("no such package");
  };
  await assert.rejects(obtainEnvironment({ ...recipe, build: fail }), /no such package/);
  assert.deepEqual(await readdir(cache.directory), []);
  assert.equal((await obtainEnvironment({ ...recipe, build: fill })).isNew, true);
});

test("whoever waits for one that is killed while building goes on, and nothing half is left", async () => {
  await using cache = await openCache();
  const script = `
    const { obtainEnvironment } = await import(${JSON.stringify(MODULE)});
    const build = async (path) => {
      await (await import("node:fs/promises")).writeFile(path + "/half", "");
      console.log("building");
      await new Promise(() => setInterval(() => undefined, 1000));
    };
    const signal = new AbortController().signal;
    await obtainEnvironment({ directory: ${JSON.stringify(cache.directory)}, key: {}, build, signal });`;
  const other = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(other.stdout, "data");
  assert.equal((await readdir(cache.directory)).length, 1);
  let isBuilding = false;
  const waiting = obtainEnvironment({
    directory: cache.directory,
    key: {},
    signal,
    build: async (path) => {
      isBuilding = true;
      return await fill(path);
    },
  });
  await assert.rejects(
    obtainEnvironment({ directory: cache.directory, key: {}, build: fill, signal: AbortSignal.timeout(50) }),
  );
  assert.equal(isBuilding, false);
  other.kill("SIGKILL");
  const environment = await waiting;
  assert.equal(environment.isNew, true);
  assert.deepEqual((await readdir(cache.directory)).length, 2);
  assert.deepEqual((await readdir(environment.path)).toSorted(), ["content", "environment.json"]);
});

test("an environment that somebody deleted is made anew", async () => {
  await using cache = await openCache();
  const recipe = { directory: cache.directory, key: {}, signal, build: fill };
  const { path } = await obtainEnvironment(recipe);
  await rm(path, { recursive: true });
  const again = await obtainEnvironment(recipe);
  assert.equal(again.isNew, true);
  assert.equal(await readFile(join(again.path, "content"), "utf8"), again.path);
});
