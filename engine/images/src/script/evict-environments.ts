import { readdir, readlink, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { FACTS, lockEnvironment } from "./environment-cache.ts";

export interface EvictionOptions {
  /** The directory of all environments. */
  readonly directory: string;
  /** What was used since stays. Before the start of any job that may still run. */
  readonly unusedSince: Date;
  readonly signal: AbortSignal;
}

/** Deletes the environments that no job has used for long, and what builds that were killed long ago have left. Returns how many. */
export async function evictEnvironments({ directory, unusedSince, signal }: EvictionOptions): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const isOld = async (path: string): Promise<boolean> =>
    ((await stat(path).catch(() => undefined))?.mtime ?? unusedSince) < unusedSince;
  let evicted = 0;
  for (const name of names.filter((each) => /^[0-9a-f]{24}$/.test(each))) {
    const link = join(directory, name);
    if (!(await isOld(join(link, FACTS)))) continue;
    await using _lock = await lockEnvironment(link, signal);
    const target = await readlink(link).catch(() => undefined);
    if (target === undefined) continue;
    await rm(link);
    // A job that found the link before it was gone has touched the file by now, or looks for the link in vain.
    if (await isOld(join(directory, target, FACTS))) {
      await rm(join(directory, target), { recursive: true, force: true, maxRetries: 3 });
      evicted += 1;
    } else await symlink(target, link);
  }
  for (const name of names.filter((each) => /^[0-9a-f]{24}\.[0-9a-f]{8}$/.test(each))) {
    const path = join(directory, name);
    // No build takes that long: what has no facts is of one that was killed.
    const isHalf = (await isOld(path)) && (await stat(join(path, FACTS)).catch(() => undefined)) === undefined;
    if (isHalf) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
  return evicted;
}
