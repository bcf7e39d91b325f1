import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";

export interface Program {
  readonly command: readonly string[];
  /** The working directory. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ProgramEnd {
  readonly exitCode: number | null;
  /** What killed it. */
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stderr. */
  readonly errors: string;
}

const STDOUT = 1;
const STDERR = 2;
/** More than pip's longest message, the list of all versions that there are. */
const MAX_ERROR_BYTES = 128 * 1024;
/** What a program printed before its end is in the pipe and read at once. */
const DRAIN_MS = 1000;
/** The shell's exit codes. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** One line of the container's log. Not through process.stdout, which would make the pipe non-blocking for the user's program too. */
export function log(line: string): void {
  write(STDOUT, Buffer.from(`${line}\n`));
}

/**
 * Runs a program with this process's output as its own and waits for its end. Signals are sent to the whole process group (`Executor`), so nothing is passed on.
 */
export async function runProgram({ command, directory, environment }: Program): Promise<ProgramEnd> {
  const [file = "", ...programArguments] = command;
  const child = spawn(file, programArguments, {
    cwd: directory,
    env: environment,
    stdio: ["ignore", "inherit", "pipe"],
  });
  let errors = Buffer.alloc(0);
  child.stderr.on("data", (chunk: Buffer) => {
    write(STDERR, chunk);
    errors = Buffer.concat([errors, chunk]).subarray(-MAX_ERROR_BYTES);
  });
  // Whoever left the group may hold the pipe for ever.
  child.on("exit", () => setTimeout(() => child.stderr.destroy(), DRAIN_MS).unref());
  try {
    const [exitCode, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { exitCode, signal, errors: errors.toString("utf8") };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? `${file}: not found in ${environment["PATH"] ?? "an empty PATH"}` : message;
    log(`Cannot execute ${reason}`);
    return {
      exitCode: code === "ENOENT" ? NOT_FOUND : NOT_EXECUTABLE,
      signal: null,
      errors: `Cannot execute ${reason}`,
    };
  }
}

function write(descriptor: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
}
