import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { failureReason } from "./failure-reason.ts";

async function reasonOf(program: string, timeout?: number): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, ["-e", program], { timeout });
  } catch (error) {
    return failureReason(error);
  }
  throw new Error("the process ended well");
}

test("an error is told by its message, without the stack", async () => {
  assert.equal(await reasonOf(`throw new RangeError("5000 MiB are needed")`), "RangeError: 5000 MiB are needed");
});

test("a signal, a deadline and silence are told apart", async () => {
  assert.match(await reasonOf(`process.kill(process.pid, "SIGKILL")`), /SIGKILL/);
  assert.equal(await reasonOf("setInterval(() => {}, 1000)", 50), "stopped at its deadline");
  assert.equal(await reasonOf("process.exit(3)"), "ended without a word");
});
