import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type ExecutionHandle,
  type ExecutionSpecification,
  type ExecutionState,
  type Executor,
  type Output,
} from "../executor.ts";
import { splitLines } from "../line-splitter.ts";
import { findMountNamespace, type MountNamespace } from "./mount-namespace.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import { type RunFiles, readJson, runFiles } from "./run-files.ts";
import type { SupervisorOrder } from "./supervisor.ts";

const SUPERVISOR = fileURLToPath(new URL("./supervisor.ts", import.meta.url));
/** A supervisor takes some 50 ms to start its program; a machine that swaps, longer. */
const START_DEADLINE_MS = 30_000;
const START_POLL_MS = 5;
/** The file system tells of the end at once; this is for the supervisor that was killed. */
const ENDED_POLL_MS = 1000;

/** A million lines or two: more than people read, no harm to a disk, and in CloudWatch Logs within some 10 s. */
const DEFAULT_MAX_OUTPUT_BYTES = 128 * 1024 * 1024;

/** What a program may see of our own environment: how to find commands and how to write text, and no secrets. */
const INHERITED = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

export interface ProcessExecutorOptions {
  /** Where to keep handles, exit codes and output, one directory per program. */
  readonly directory: string;
  /** The environment from which the whitelist (PATH, LANG, LC_ALL, LC_CTYPE, TZ) is taken. Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Of each program's output this much is kept, a line counted with 64 bytes more, and the program goes on. Default 128 MiB. */
  readonly maxOutputBytes?: number;
  /** How programs come to see a directory at another path; asked once for each path. Default: what this host allows. */
  readonly findMountNamespace?: (mountPath: string) => Promise<MountNamespace>;
}

/**
 * Executes programs as processes of this host: each in a session of its own under a supervisor that records its exit code durably and dies neither
 * with us nor with the program. No isolation: the program runs as our user and sees this host's files. Processes that the program puts into
 * sessions of their own are not ended with it.
 */
export function createProcessExecutor(options: ProcessExecutorOptions): Executor {
  const inherited = whitelist(options.environment ?? process.env);
  const { maxOutputBytes = DEFAULT_MAX_OUTPUT_BYTES } = options;
  const namespaces = new Map<string, Promise<MountNamespace>>();
  const findNamespace = (mountPath: string): Promise<MountNamespace> => {
    const found = namespaces.get(mountPath) ?? (options.findMountNamespace ?? findMountNamespace)(mountPath);
    namespaces.set(mountPath, found);
    found.catch(() => namespaces.delete(mountPath));
    return found;
  };
  const filesOf = (id: string): RunFiles => {
    if (!/^[\w.-]+$/.test(id) || /^\.+$/.test(id)) throw new Error(`"${id}" is no execution id.`);
    return runFiles(join(options.directory, id));
  };

  async function start(specification: ExecutionSpecification): Promise<ExecutionHandle> {
    const files = filesOf(specification.id);
    await mkdir(files.state, { recursive: true, mode: 0o700 });
    if (readJson(files.supervisor) === undefined) {
      const environment = { ...inherited, ...specification.environment };
      const { directory } = specification;
      await launch(files, { directory, environment, maxOutputBytes, ...(await commandFor(specification, files)) });
    }
    return { id: specification.id, ...(await waitForProgram(files)) };
  }

  async function commandFor(
    { command, directory, mountPath }: ExecutionSpecification,
    { stage }: RunFiles,
  ): Promise<Pick<SupervisorOrder, "command" | "notice">> {
    if (mountPath === undefined) return { command };
    const namespace = await findNamespace(mountPath);
    if ("refusal" in namespace) {
      return { command, notice: `${mountPath} is not shown to this program: ${namespace.refusal}` };
    }
    await mkdir(stage, { recursive: true });
    return { command: namespace.command({ directory, mountPath, stage }, command) };
  }

  async function readOutput(handle: ExecutionHandle, offset: number, maxBytes: number): Promise<Output> {
    const files = filesOf(idOf(handle));
    // Asked before reading: what was written until the end is in the file by then.
    const hasEnded = inspectRun(files).state === "ended";
    const { bytes, isEnd } = await readBytes(files.output, offset, maxBytes);
    const { lines, offset: taken } = splitLines(bytes, hasEnded && isEnd);
    return { lines, offset: offset + taken };
  }

  async function ended(handle: ExecutionHandle, signal: AbortSignal): Promise<void> {
    const files = filesOf(idOf(handle));
    while (!signal.aborted && inspectRun(files).state === "running") await changeOrPoll(files, signal);
  }

  async function signal(handle: ExecutionHandle, name: "SIGTERM" | "SIGKILL"): Promise<void> {
    const program = readJson<ProcessIdentity>(filesOf(idOf(handle)).started);
    if (program !== undefined && isAlive(program)) signalGroup(program.pid, name);
  }

  async function remove(handle: ExecutionHandle): Promise<void> {
    await signal(handle, "SIGKILL");
    await rm(filesOf(idOf(handle)).home, { recursive: true, force: true, maxRetries: 3 });
  }

  const inspect = async (handle: ExecutionHandle): Promise<ExecutionState> => inspectRun(filesOf(idOf(handle)));
  return { name: "process", start, inspect, ended, signal, readOutput, remove };
}

function idOf(handle: ExecutionHandle): string {
  return String(handle["id"]);
}

function whitelist(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = environment[name];
    if (value !== undefined) inherited[name] = value;
  }
  return inherited;
}

async function launch(files: RunFiles, order: SupervisorOrder): Promise<void> {
  await using diagnostics = await open(files.diagnostics, "a", 0o600);
  const supervisor = spawn(process.execPath, [SUPERVISOR, files.home], {
    cwd: files.home,
    env: {},
    stdio: ["pipe", "ignore", diagnostics.fd],
    detached: true,
  });
  supervisor.unref();
  await new Promise<void>((resolve, reject) => {
    supervisor.on("error", reject);
    supervisor.stdin?.on("error", reject);
    supervisor.stdin?.end(JSON.stringify(order), resolve);
  });
}

/** Waits until the supervisor, ours or one that was first, has started the program or failed to. */
async function waitForProgram(files: RunFiles): Promise<ProcessIdentity> {
  const nobody: ProcessIdentity = { pid: 0, startTime: "" };
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    const program = readJson<ProcessIdentity>(files.started);
    if (program !== undefined) return program;
    if (readJson(files.exit) !== undefined) return nobody;
    const supervisor = readJson<ProcessIdentity>(files.supervisor);
    if (supervisor !== undefined && !isAlive(supervisor)) return readJson<ProcessIdentity>(files.started) ?? nobody;
    await delay(START_POLL_MS);
  }
  throw new Error(
    `The supervisor of ${files.home} did not start within ${START_DEADLINE_MS / 1000} s; see supervisor.log there.`,
  );
}

function inspectRun(files: RunFiles): ExecutionState {
  const exit = readExit(files);
  if (exit !== undefined) return exit;
  const identities = [files.supervisor, files.started].map((file) => readJson<ProcessIdentity>(file));
  if (identities.some((identity) => identity !== undefined && isAlive(identity))) return { state: "running" };
  // The supervisor may have recorded the end and left between the two looks.
  return readExit(files) ?? { state: "ended", exitCode: null, signal: null };
}

function readExit(files: RunFiles): ExecutionState | undefined {
  const exit = readJson<{ exitCode: number | null; signal: string | null }>(files.exit);
  return exit === undefined ? undefined : { state: "ended", exitCode: exit.exitCode, signal: exit.signal };
}

function signalGroup(leader: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-leader, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function readBytes(file: string, offset: number, maxBytes: number): Promise<{ bytes: Buffer; isEnd: boolean }> {
  try {
    await using handle = await open(file, "r");
    const { size } = await handle.stat();
    const length = Math.max(0, Math.min(maxBytes, size - offset));
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return { bytes: buffer.subarray(0, bytesRead), isEnd: offset + bytesRead >= size };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { bytes: Buffer.alloc(0), isEnd: true };
    throw error;
  }
}

/** Returns when a file of the run's state has changed, after `ENDED_POLL_MS`, or when aborted. */
async function changeOrPoll(files: RunFiles, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  const watcher = watch(files.state, wake);
  watcher.on("error", wake);
  const timer = setTimeout(wake, ENDED_POLL_MS);
  signal.addEventListener("abort", wake);
  try {
    // The end may have come before the watcher was there.
    if (readExit(files) === undefined) await promise;
  } finally {
    clearTimeout(timer);
    watcher.close();
    signal.removeEventListener("abort", wake);
  }
}
