/**
 * Runs one program in a session of its own and records how it ended: `node supervisor.ts <run directory>`, the order on stdin, so that secrets
 * of the environment stand neither on a command line nor in a file. It outlives the server that started it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { linkSync, openSync, readFileSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import { identifyProcess } from "./process-identity.ts";
import { type RunFiles, runFiles, writeJsonDurably } from "./run-files.ts";

/** What the executor writes to the supervisor's stdin. */
export interface SupervisorOrder {
  readonly directory: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The shell's exit codes for a command that cannot be found or executed. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

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
  const output = openSync(files.output, "a", 0o600);
  const [program = "", ...parameters] = order.command;
  const child = spawn(program, parameters, {
    cwd: order.directory,
    env: order.environment,
    stdio: ["ignore", output, output],
    detached: true,
  });
  child.on("error", (error: NodeJS.ErrnoException) => {
    writeSync(output, `Cannot execute ${program}: ${error.message}\n`);
    writeJsonDurably(files.exit, { exitCode: error.code === "ENOENT" ? NOT_FOUND : NOT_EXECUTABLE, signal: null });
  });
  child.on("exit", (exitCode, signal) => {
    endGroup(child);
    writeJsonDurably(files.exit, { exitCode, signal });
  });
  if (child.pid !== undefined)
    writeJsonDurably(files.started, identifyProcess(child.pid) ?? { pid: child.pid, startTime: "" });
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
