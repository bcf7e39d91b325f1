import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { ExecutionHandle } from "../executor.ts";
import { executorSuite } from "../testing/executor-suite.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";

async function killSupervisorAndProgram(directory: string, handle: ExecutionHandle): Promise<void> {
  const file = join(directory, String(handle["id"]), "state", "supervisor.json");
  const supervisor = JSON.parse(await readFile(file, "utf8")) as ProcessIdentity;
  process.kill(supervisor.pid, "SIGKILL");
  process.kill(Number(handle["pid"]), "SIGKILL");
}

executorSuite({
  name: "process",
  factory: { module: new URL("./process-executor.ts", import.meta.url), exportName: "createProcessExecutor" },
  vanish: killSupervisorAndProgram,
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
