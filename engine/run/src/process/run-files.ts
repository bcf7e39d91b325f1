import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a program's supervisor and the executor meet: files in the run's own directory. */
export function runFiles(home: string) {
  const state = join(home, "state");
  return {
    home,
    /** Watched for the end; the output lies outside of it, since each write there would wake the watcher. */
    state,
    /** The supervisor's identity: whoever creates this file runs the program, so it runs once. */
    supervisor: join(state, "supervisor.json"),
    /** The program's identity. */
    started: join(state, "started.json"),
    /** Exit code and signal. */
    exit: join(state, "exit.json"),
    /** Combined stdout and stderr. */
    output: join(home, "output"),
    /** Empty; in it the program's own mounts are put together. */
    stage: join(home, "stage"),
    /** What the supervisor itself had to say, which should be nothing. */
    diagnostics: join(home, "supervisor.log"),
  };
}

export type RunFiles = ReturnType<typeof runFiles>;

/** Undefined when there is no such file. */
export function readJson<Value>(file: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The file is there with all its bytes or not at all, also after a power failure. */
export function writeJsonDurably(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}`;
  const descriptor = openSync(temporary, "w", 0o600);
  try {
    writeSync(descriptor, JSON.stringify(value));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  const directory = openSync(dirname(file), "r");
  fsyncSync(directory);
  closeSync(directory);
}
