import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type ExecutionHandle, type Executor, MAX_LINE_BYTES } from "../executor.ts";
import { identifyProcess } from "../process/process-identity.ts";
import { type Bench, createBench, end, firstLines, lines, readText, SHELL, until, writeGo } from "./executor-bench.ts";
import { mountTests } from "./mount-tests.ts";

export interface ExecutorSuiteOptions {
  readonly name: string;
  /** A module and its export `(options: { directory: string }) => Executor`; called in this process and, for the crash tests, in others. */
  readonly factory: { readonly module: URL; readonly exportName: string };
  /** Why this host lets no program see its directory at a path of its own choice; undefined where it does. */
  readonly mountRefusal?: string | undefined;
  /** Ends the program's supervisor, and the program with it, without leaving a trace; executors without one leave it out. */
  readonly vanish?: (directory: string, handle: ExecutionHandle) => Promise<void>;
}

type ExecutorFactory = (options: { readonly directory: string }) => Executor;

/** The contract of an executor. */
export function executorSuite(options: ExecutorSuiteOptions): void {
  const load = async (directory: string): Promise<Executor> => {
    const module = (await import(options.factory.module.href)) as Record<string, ExecutorFactory>;
    const create = module[options.factory.exportName];
    assert.ok(create !== undefined, `${options.factory.module.href} exports ${options.factory.exportName}`);
    return create({ directory });
  };
  const openBench = async (): Promise<Bench> => createBench(load);

  describe(`executor ${options.name}`, () => {
    outcomes(openBench);
    signals(openBench);
    output(openBench);
    crashes(openBench, options, load);
    mountTests(openBench, options);
  });
}

function outcomes(openBench: () => Promise<Bench>): void {
  test("success and failure are told apart by the exit code", async () => {
    await using bench = await openBench();
    const good = await bench.start("exit 0");
    const bad = await bench.start("exit 7");
    assert.deepEqual(await end(bench.executor, good), { state: "ended", exitCode: 0, signal: null });
    assert.deepEqual(await end(bench.executor, bad), { state: "ended", exitCode: 7, signal: null });
  });

  test("a program that does not exist ends with the shell's exit code and says why", async () => {
    await using bench = await openBench();
    const handle = await bench.executor.start({
      id: "missing",
      directory: bench.jobDirectory,
      command: ["/no/such/program"],
      environment: {},
    });
    assert.deepEqual(await end(bench.executor, handle), { state: "ended", exitCode: 127, signal: null });
    assert.match((await lines(bench.executor, handle)).join("\n"), /no\/such\/program/);
  });

  test("the handle is plain JSON", async () => {
    await using bench = await openBench();
    const handle = JSON.parse(JSON.stringify(await bench.start("echo hello"))) as ExecutionHandle;
    await end(bench.executor, handle);
    assert.deepEqual(await lines(bench.executor, handle), ["hello"]);
  });

  test("the environment is what was given and a whitelist, the working directory the job's", async () => {
    process.env["SECRET_OF_THE_SERVER"] = "do not tell";
    await using bench = await openBench();
    const handle = await bench.start("pwd; env", { environment: { GIVEN: "a=b c" } });
    await end(bench.executor, handle);
    delete process.env["SECRET_OF_THE_SERVER"];
    const [directory, ...environment] = await lines(bench.executor, handle);
    assert.equal(directory, bench.jobDirectory);
    assert.ok(environment.includes("GIVEN=a=b c"));
    assert.ok(environment.some((line) => line.startsWith("PATH=")));
    assert.ok(!environment.some((line) => line.includes("do not tell")));
  });

  test("what is removed is forgotten, running or not", async () => {
    await using bench = await openBench();
    const handle = await bench.start("echo $$; exec sleep 600");
    const [pid] = await firstLines(bench.executor, handle, 1);
    await bench.executor.remove(handle);
    await until(async () => !exists(Number(pid)));
    assert.equal((await bench.executor.inspect(handle)).state, "ended");
    await bench.executor.remove(handle);
  });
}

function signals(openBench: () => Promise<Bench>): void {
  test("SIGTERM can be handled: the program saves what it has and ends by itself", async () => {
    await using bench = await openBench();
    const handle = await bench.start("trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    await firstLines(bench.executor, handle, 1);
    await bench.executor.signal(handle, "SIGTERM");
    assert.deepEqual(await end(bench.executor, handle), { state: "ended", exitCode: 0, signal: null });
    assert.ok((await lines(bench.executor, handle)).includes("saved"));
  });

  test("SIGKILL ends a program that ignores SIGTERM", async () => {
    await using bench = await openBench();
    const handle = await bench.start("trap '' TERM; echo ready; while :; do sleep 0.05; done");
    await firstLines(bench.executor, handle, 1);
    await bench.executor.signal(handle, "SIGTERM");
    assert.deepEqual(await bench.executor.inspect(handle), { state: "running" });
    await bench.executor.signal(handle, "SIGKILL");
    assert.deepEqual(await end(bench.executor, handle), { state: "ended", exitCode: null, signal: "SIGKILL" });
  });

  test("grandchildren are signalled too, and none survives the program", async () => {
    await using bench = await openBench();
    const stopped = await bench.start("sleep 600 & echo $!; wait");
    const [signalled] = await firstLines(bench.executor, stopped, 1);
    await bench.executor.signal(stopped, "SIGTERM");
    await end(bench.executor, stopped);
    const left = await bench.start("sleep 600 & echo $!");
    await end(bench.executor, left);
    const [orphan] = await lines(bench.executor, left);
    await until(async () => !exists(Number(signalled)) && !exists(Number(orphan)));
  });

  test("signalling a program that has ended is no error", async () => {
    await using bench = await openBench();
    const handle = await bench.start("exit 3");
    const state = await end(bench.executor, handle);
    await bench.executor.signal(handle, "SIGTERM");
    await bench.executor.signal(handle, "SIGKILL");
    assert.deepEqual(await bench.executor.inspect(handle), state);
  });

  test("waiting for the end can be given up", async () => {
    await using bench = await openBench();
    const handle = await bench.start("exec sleep 600");
    const abort = new AbortController();
    const waiting = bench.executor.ended(handle, abort.signal);
    abort.abort();
    await waiting;
    assert.deepEqual(await bench.executor.inspect(handle), { state: "running" });
  });
}

function output(openBench: () => Promise<Bench>): void {
  test("stdout and stderr come in order; an unfinished line only after the end", async () => {
    await using bench = await openBench();
    const handle = await bench.start(
      "echo one; echo two >&2; printf three; while [ ! -e go ]; do sleep 0.02; done; printf four",
    );
    assert.deepEqual(await firstLines(bench.executor, handle, 2), ["one", "two"]);
    const beforeEnd = await bench.executor.readOutput(handle, 0, MAX_LINE_BYTES);
    assert.deepEqual(beforeEnd, { lines: ["one", "two"], offset: 8 });
    await writeGo(bench.jobDirectory);
    await end(bench.executor, handle);
    assert.deepEqual(await bench.executor.readOutput(handle, 8, MAX_LINE_BYTES), { lines: ["threefour"], offset: 17 });
    assert.deepEqual(await bench.executor.readOutput(handle, 17, MAX_LINE_BYTES), { lines: [], offset: 17 });
    // A window that ends where the output does holds the unfinished line too.
    assert.deepEqual(await bench.executor.readOutput(handle, 4, 13), { lines: ["two", "threefour"], offset: 17 });
  });

  test("huge output and huge lines are read piece by piece, nothing lost", async () => {
    await using bench = await openBench();
    const handle = await bench.start("seq 1 200000; head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end");
    await end(bench.executor, handle);
    const all = await lines(bench.executor, handle);
    assert.equal(all.length, 200_000 + Math.ceil(1_000_000 / MAX_LINE_BYTES) + 1);
    assert.equal(all[199_999], "200000");
    assert.equal(all.slice(200_000, -1).join("").length, 1_000_000);
    assert.equal(all.at(-1), "end");
  });
}

function crashes(
  openBench: () => Promise<Bench>,
  options: ExecutorSuiteOptions,
  load: (directory: string) => Promise<Executor>,
): void {
  test("starting the same id twice runs it once", async () => {
    await using bench = await openBench();
    const specification = {
      id: "twice",
      directory: bench.jobDirectory,
      command: [...SHELL, "echo run >> runs; exec sleep 600"],
      environment: {},
    };
    const other = await load(bench.directory);
    const handles = await Promise.all([bench.executor.start(specification), other.start(specification)]);
    assert.deepEqual(handles[0], handles[1]);
    await until(async () => (await readText(join(bench.jobDirectory, "runs"))) !== "");
    await bench.executor.signal(handles[0], "SIGKILL");
    await end(bench.executor, handles[0]);
    assert.deepEqual(await bench.executor.start(specification), handles[0]);
    assert.equal(await readText(join(bench.jobDirectory, "runs")), "run\n");
  });

  const { mountRefusal } = options;
  for (const mountPath of [undefined, "/opt/ml"]) {
    const where = mountPath === undefined ? "" : " with its directory mounted";
    const skip = (mountPath !== undefined && mountRefusal) || false;
    test(`a program${where} survives the crash of the process that started it, and is found again`, {
      skip,
    }, async () => {
      await using bench = await openBench();
      const { executor, directory, jobDirectory } = bench;
      const script = "echo begun; while [ ! -e go ]; do sleep 0.02; done; echo done; exit 5";
      const command = [...SHELL, script];
      const specification = { id: "found", directory: jobDirectory, command, environment: {}, mountPath };
      const handle = await startElsewhereAndCrash(options, directory, specification);
      assert.deepEqual(await executor.inspect(handle), { state: "running" });
      assert.deepEqual(await firstLines(executor, handle, 1), ["begun"]);
      assert.deepEqual(await executor.start(specification), handle);
      await writeGo(jobDirectory);
      assert.deepEqual(await end(executor, handle), { state: "ended", exitCode: 5, signal: null });
      assert.deepEqual(await lines(executor, handle), ["begun", "done"]);
    });
  }

  const { vanish } = options;
  test("a program that vanished has ended without exit code", { skip: vanish === undefined }, async () => {
    await using bench = await openBench();
    const handle = await bench.start("exec sleep 600");
    await vanish?.(bench.directory, handle);
    assert.deepEqual(await end(bench.executor, handle), { state: "ended", exitCode: null, signal: null });
  });
}

/** Another process starts the program, tells the handle and is killed with SIGKILL. */
async function startElsewhereAndCrash(
  options: ExecutorSuiteOptions,
  directory: string,
  specification: object,
): Promise<ExecutionHandle> {
  const { module, exportName } = options.factory;
  const script = `
    const module = await import(${JSON.stringify(module.href)});
    const executor = module[${JSON.stringify(exportName)}](${JSON.stringify({ directory })});
    console.log(JSON.stringify(await executor.start(${JSON.stringify(specification)})));
    setInterval(() => undefined, 1000);`;
  const other = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  for await (const piece of other.stdout) {
    told += String(piece);
    if (told.includes("\n")) break;
  }
  other.kill("SIGKILL");
  return JSON.parse(told) as ExecutionHandle;
}

/** A zombie does not exist: in a container nobody may be there to reap it. */
function exists(pid: number): boolean {
  return identifyProcess(pid) !== undefined;
}
