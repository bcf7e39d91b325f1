/**
 * Runs one program in a session of its own and records how it ended: `node supervisor.ts <run directory>`, the order on stdin, so that secrets
 * of the environment stand neither on a command line nor in a file. It outlives the server that started it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { linkSync, openSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { createBoundedOutput } from "./bounded-output.ts";
import { identifyProcess } from "./process-identity.ts";
import { type RunFiles, runFiles, writeJsonDurably } from "./run-files.ts";

/** What the executor writes to the supervisor's stdin. */
export interface SupervisorOrder {
  readonly directory: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly maxOutputBytes: number;
  /** What the program's output begins with. */
  readonly notice?: string;
}

/** The shell's exit code for what cannot be executed. */
const NOT_EXECUTABLE = 126;
/** What a program printed before its end is in the pipe and read at once. */
const DRAIN_MS = 1000;
const RETRY_MS = 1000;

function main(home: string): void {
  const files = runFiles(home);
  const order = JSON.parse(readFileSync(0, "utf8")) as SupervisorOrder;
  // A shutdown of the machine signals everybody; the program decides for itself, and we stay to record how.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  if (claim(files)) run(files, order);
}

/** Of several supervisors of one run only the first gets true: link(2) creates the file with its content or fails. */
function claim(files: RunFiles): boolean {
  const temporary = `${files.supervisor}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(identifyProcess(process.pid)));
  try {
    linkSync(temporary, files.supervisor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
}

function run(files: RunFiles, order: SupervisorOrder): void {
  const keep = createBoundedOutput(openSync(files.output, "a", 0o600), order.maxOutputBytes);
  if (order.notice !== undefined) keep(Buffer.from(`${order.notice}\n`));
  // The shell gives the program one pipe for both of its outputs, so that their lines stay in order, and becomes the program.
  const child = spawn("/bin/sh", ["-c", 'exec "$@" 2>&1', "sh", ...order.command], {
    cwd: order.directory,
    env: order.environment,
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  child.stdout.on("data", keep);
  child.on("error", (error: NodeJS.ErrnoException) => {
    keep(Buffer.from(`Cannot execute ${order.command[0]}: ${error.message}\n`));
    recordExit(files, { exitCode: NOT_EXECUTABLE, signal: null });
  });
  child.on("exit", () => {
    endGroup(child);
    // Whoever left the group may hold the pipe for ever.
    setTimeout(() => child.stdout.destroy(), DRAIN_MS).unref();
  });
  child.on("close", (exitCode, signal) => recordExit(files, { exitCode, signal }));
  if (child.pid !== undefined)
    writeJsonDurably(files.started, identifyProcess(child.pid) ?? { pid: child.pid, startTime: "" });
}

/** On a full disk it waits for room: without a record the program would count as vanished. */
function recordExit(files: RunFiles, exit: { readonly exitCode: number | null; readonly signal: string | null }): void {
  try {
    writeJsonDurably(files.exit, exit);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    setTimeout(() => recordExit(files, exit), RETRY_MS);
  }
}

/** When a container's first process ends, the others end with it. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

const [home] = process.argv.slice(2);
if (home !== undefined) main(home);
