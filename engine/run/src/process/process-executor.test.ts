import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ExecutionHandle } from "../executor.ts";
import { executorSuite } from "../testing/executor-suite.ts";
import { findMountNamespace } from "./mount-namespace.ts";
import { createProcessExecutor } from "./process-executor.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";

async function killSupervisorAndProgram(directory: string, handle: ExecutionHandle): Promise<void> {
  const file = join(directory, String(handle["id"]), "state", "supervisor.json");
  const supervisor = JSON.parse(await readFile(file, "utf8")) as ProcessIdentity;
  process.kill(supervisor.pid, "SIGKILL");
  process.kill(Number(handle["pid"]), "SIGKILL");
}

const namespace = await findMountNamespace("/opt/ml");

executorSuite({
  name: "process",
  mountRefusal: "refusal" in namespace ? namespace.refusal : undefined,
  factory: { module: new URL("./process-executor.ts", import.meta.url), exportName: "createProcessExecutor" },
  vanish: killSupervisorAndProgram,
});

test("a program that prints without end goes on, and only the beginning is kept", async () => {
  const root = await mkdtemp(join(tmpdir(), "rondo-output-"));
  const executor = createProcessExecutor({ directory: join(root, "runs"), maxOutputBytes: 10_000 });
  const specification = { id: "flood", directory: root, environment: {} };
  const script = "yes 123456789 | head -c 5000000; exit 4";
  const handle = await executor.start({ ...specification, command: ["/bin/sh", "-c", script] });
  await executor.ended(handle, AbortSignal.timeout(20_000));
  assert.deepEqual(await executor.inspect(handle), { state: "ended", exitCode: 4, signal: null });
  const kept = await readFile(join(root, "runs", "flood", "output"), "utf8");
  assert.match(kept, /^(123456789\n){100}/);
  assert.match(kept, /\nThe program has printed too much for its log; what follows is not kept\.\n$/);
  assert.ok(kept.length < 500_000, `${kept.length}`);
  await executor.remove(handle);
  await rm(root, { recursive: true });
});

test("the end is noticed though a process of another session holds the output", async () => {
  const root = await mkdtemp(join(tmpdir(), "rondo-output-"));
  const executor = createProcessExecutor({ directory: join(root, "runs") });
  const leave = `const child = require("node:child_process").spawn("sleep", ["600"], { detached: true, stdio: "inherit" });
    console.log(child.pid);
    child.unref();`;
  const command = [process.execPath, "--eval", leave];
  const handle = await executor.start({ id: "held", directory: root, environment: {}, command });
  await executor.ended(handle, AbortSignal.timeout(20_000));
  assert.deepEqual(await executor.inspect(handle), { state: "ended", exitCode: 0, signal: null });
  const { lines } = await executor.readOutput(handle, 0, 100_000);
  process.kill(Number(lines[0]), "SIGKILL");
  await executor.remove(handle);
  await rm(root, { recursive: true });
});

test("where the host refuses a mount, the first line of the output says what to do, and the program runs", async () => {
  const root = await mkdtemp(join(tmpdir(), "rondo-output-"));
  const asked: string[] = [];
  const executor = createProcessExecutor({
    directory: join(root, "runs"),
    findMountNamespace: async (mountPath) => {
      asked.push(mountPath);
      return { refusal: "the kernel says no. Allow it with: sysctl." };
    },
  });
  for (const id of ["first", "second"]) {
    const specification = { id, directory: root, environment: {}, command: ["/bin/echo", "running"] };
    const handle = await executor.start({ ...specification, mountPath: "/opt/ml" });
    await executor.ended(handle, AbortSignal.timeout(20_000));
    const { lines } = await executor.readOutput(handle, 0, 100_000);
    const notice = "/opt/ml is not shown to this program: the kernel says no. Allow it with: sysctl.";
    assert.deepEqual(lines, [notice, "running"]);
    await executor.remove(handle);
  }
  assert.deepEqual(asked, ["/opt/ml"]);
  await rm(root, { recursive: true });
});

test("a process is not mistaken for one that has its id later", async () => {
  const child = spawn("sleep", ["600"]);
  const identity = identifyProcess(child.pid ?? 0);
  assert.ok(identity !== undefined && isAlive(identity));
  assert.ok(!isAlive({ ...identity, startTime: "another time" }));
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.ok(!isAlive(identity));
  assert.equal(identifyProcess(0), undefined);
});
