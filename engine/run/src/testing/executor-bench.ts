import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ExecutionHandle, ExecutionSpecification, ExecutionState, Executor } from "../executor.ts";

/** An executor with a directory of its own, and a job's directory. */
export interface Bench extends AsyncDisposable {
  readonly executor: Executor;
  readonly directory: string;
  readonly jobDirectory: string;
  /** Starts `sh -c script` with an id of its own. */
  start(script: string, options?: StartOptions): Promise<ExecutionHandle>;
}

export type StartOptions = Partial<Pick<ExecutionSpecification, "environment" | "mountPath">>;

export const DEADLINE_MS = 20_000;
export const SHELL = ["/bin/sh", "-c"];

export async function createBench(load: (directory: string) => Promise<Executor>): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), "rondo-executor-"));
  const directory = join(root, "runs");
  const jobDirectory = await mkdtemp(join(root, "job-"));
  const executor = await load(directory);
  const handles: ExecutionHandle[] = [];
  return {
    executor,
    directory,
    jobDirectory,
    async start(script, startOptions = {}) {
      const id = `run-${handles.length}`;
      const command = [...SHELL, script];
      const handle = await executor.start({ id, directory: jobDirectory, command, environment: {}, ...startOptions });
      handles.push(handle);
      return handle;
    },
    async [Symbol.asyncDispose]() {
      for (const handle of handles) await executor.remove(handle);
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function end(executor: Executor, handle: ExecutionHandle): Promise<ExecutionState> {
  await executor.ended(handle, AbortSignal.timeout(DEADLINE_MS));
  const state = await executor.inspect(handle);
  assert.equal(state.state, "ended");
  return state;
}

export async function lines(executor: Executor, handle: ExecutionHandle): Promise<string[]> {
  const all: string[] = [];
  for (let offset = 0; ; ) {
    const output = await executor.readOutput(handle, offset, 256 * 1024);
    if (output.offset === offset) return all;
    all.push(...output.lines);
    offset = output.offset;
  }
}

export async function firstLines(executor: Executor, handle: ExecutionHandle, count: number): Promise<string[]> {
  let read: string[] = [];
  await until(async () => {
    read = await lines(executor, handle);
    return read.length >= count;
  });
  return read;
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "the awaited state did not come");
    await delay(10);
  }
}

export async function writeGo(directory: string): Promise<void> {
  await writeFile(join(directory, "go"), "");
}

export async function readText(file: string): Promise<string> {
  return await readFile(file, "utf8").catch(() => "");
}
