import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { StoreError } from "../store-error.ts";

interface Holder {
  readonly pid: number;
  /** Clock ticks since boot, from /proc: a pid is used again, this pair is not. */
  readonly startTime?: string;
}

/** Field 22 of /proc/<pid>/stat; the second field is a name in parentheses that may hold blanks. Undefined where there is no /proc. */
function startTimeOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startTime }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return startTime === undefined || startTimeOf(pid) === startTime;
}

async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  return JSON.parse(text) as Holder;
}

/** Moves a dead holder's file away; if another starter was faster and the file is a living one's by now, puts it back. */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  await rename(file, aside).catch(() => undefined);
  const holder = await readHolder(aside);
  if (holder !== undefined && isAlive(holder)) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * A lock file with the pid and start time of its holder; one that a killed process left is taken over. Throws StoreError "HomeInUse". Dispose
 * to give it back.
 */
export async function takeHomeLock(file: string, home: string): Promise<AsyncDisposable> {
  const mine: Holder = { pid: process.pid, startTime: startTimeOf(process.pid) };
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      const taken = await link(draft, file).then(
        () => true,
        () => false,
      ); // link, unlike open, shows the file with its content or not at all
      if (taken) return { [Symbol.asyncDispose]: () => unlink(file) };
      const holder = await readHolder(file);
      if (holder === undefined) continue;
      if (isAlive(holder)) {
        throw new StoreError(
          "HomeInUse",
          `Another Rondo (process ${holder.pid}) uses ${home}. Stop it, or give this one another home with --home or RONDO_HOME.`,
        );
      }
      await removeStale(file);
    }
    throw new StoreError("HomeInUse", `The lock ${file} could not be taken; other programs are starting on this home.`);
  } finally {
    await rm(draft, { force: true });
  }
}
