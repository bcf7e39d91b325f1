import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { holdLock } from "./build-lock.ts";

export interface EnvironmentRecipe {
  /** The directory of all environments. */
  readonly directory: string;
  /** All that the environment depends on: the same key, the same environment. */
  readonly key: object;
  /** Makes it in an empty directory, which stays its place; returns what people should be told each time that it is used. */
  readonly build: (path: string) => Promise<readonly string[]>;
  readonly signal: AbortSignal;
}

export interface CachedEnvironment {
  readonly path: string;
  readonly notes: readonly string[];
  /** Made by this call. */
  readonly isNew: boolean;
}

interface Facts {
  readonly key: object;
  readonly notes: readonly string[];
}

/** Written last; its time tells when the environment was last used. */
export const FACTS = "environment.json";

/**
 * The environment of a recipe, made when it is not there yet. Of several processes that want it one makes it and the others wait. `<directory>/<hash>`
 * is a symbolic link to what is complete; a build that failed leaves nothing, and what a killed one left goes with the next try.
 */
export async function obtainEnvironment(recipe: EnvironmentRecipe): Promise<CachedEnvironment> {
  const { directory, key, build, signal } = recipe;
  const hash = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 24);
  const link = join(directory, hash);
  const found = await readLink(directory, link);
  if (found !== undefined) return found;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await using _lock = await lockEnvironment(link, signal);
  const finished = await readLink(directory, link);
  if (finished !== undefined) return finished;
  await removeLeftovers(directory, hash);
  const path = join(directory, `${hash}.${randomUUID().slice(0, 8)}`);
  await mkdir(path);
  try {
    const notes = await build(path);
    await writeFile(join(path, FACTS), JSON.stringify({ key, notes } satisfies Facts, undefined, 2));
    await flush();
    await symlink(path.slice(directory.length + 1), link);
    return { path, notes, isNew: true };
  } catch (error) {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

/** Held by who makes or deletes the environment of that link. */
export async function lockEnvironment(link: string, signal: AbortSignal): Promise<AsyncDisposable> {
  const place = createHash("sha256").update(link).digest("hex").slice(0, 32);
  return await holdLock(`rondo-environment-${place}`, signal);
}

async function readLink(directory: string, link: string): Promise<CachedEnvironment | undefined> {
  try {
    // First of all: whoever evicts looks at the time after the link is gone, so either it is seen there or the link is missed here.
    const now = new Date();
    await utimes(join(link, FACTS), now, now);
    const { notes } = JSON.parse(await readFile(join(link, FACTS), "utf8")) as Facts;
    return { path: join(directory, await readlink(link)), notes, isNew: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Only the holder of the lock builds, so whatever has the environment's name was left by one that is gone. */
async function removeLeftovers(directory: string, hash: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(hash)) await rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Thousands of files of an installer's: a link must not outlive their content in a power failure. */
async function flush(): Promise<void> {
  await promisify(execFile)("sync").catch(() => undefined);
}
