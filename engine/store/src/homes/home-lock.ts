import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../store-error.ts";

/** A process that was told to stop, or killed, is gone by then; a running one keeps its lock. */
const lockDeadlineMs = 3_000;

/** Larger than any process id. */
const nobody = 2_147_483_647;

interface Holder {
  readonly pid: number;
  /** Clock ticks since boot, from /proc: a pid is used again, this pair is not. */
  readonly startTime?: string;
}

/** State and start time, fields 3 and 22 of /proc/<pid>/stat; the second field is a name in parentheses that may hold blanks. */
function processStatus(pid: number): { readonly state?: string; readonly startTime?: string } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], startTime: fields[19] };
  } catch {
    return {}; // where there is no /proc
  }
}

function isAlive({ pid, startTime }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const status = processStatus(pid);
  if (status.state === "Z") return false; // it has ended, and nobody asks how: usual in containers
  return startTime === undefined || status.startTime === startTime;
}

async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: nobody }; // cut short by a power failure
  }
}

/** Moves a dead holder's file away; if another starter was faster and the file is a living one's by now, puts it back. */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  await rename(file, aside).catch(() => undefined);
  const holder = await readHolder(aside);
  if (holder !== undefined && isAlive(holder)) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** One try: the lock, or who has it; undefined when that changed meanwhile. */
async function tryLock(file: string, draft: string): Promise<AsyncDisposable | Holder | undefined> {
  try {
    await link(draft, file); // unlike open, it shows the file with its content or not at all
    return { [Symbol.asyncDispose]: () => unlink(file) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = await readHolder(file);
  if (holder !== undefined && !isAlive(holder)) await removeStale(file);
  else return holder;
  return undefined;
}

/**
 * A lock file with the pid and start time of its holder; one that a killed process left is taken over, and one whose holder is just ending is
 * waited for. Throws StoreError "HomeInUse". Dispose to give it back.
 */
export async function takeHomeLock(file: string, home: string): Promise<AsyncDisposable> {
  const mine: Holder = { pid: process.pid, startTime: processStatus(process.pid).startTime };
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (const deadline = Date.now() + lockDeadlineMs; ; await sleep(50)) {
      const found = await tryLock(file, draft);
      if (found !== undefined && Symbol.asyncDispose in found) return found;
      if (Date.now() < deadline) continue;
      const holder = found === undefined ? "which is just starting" : `process ${found.pid}`;
      throw new StoreError(
        "HomeInUse",
        `Another Rondo (${holder}) uses ${home}. Stop it, or give this one another home with --home or RONDO_HOME.`,
      );
    }
  } finally {
    await rm(draft, { force: true });
  }
}
