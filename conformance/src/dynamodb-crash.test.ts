import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

test("what DynamoDB acknowledged is there after kill -9", async () => {
  const args = ["conformance/src/dynamodb-crash.ts", "--rounds", "2"];
  const cwd = new URL("../../", import.meta.url);
  const { stdout } = await run(process.execPath, args, { cwd, timeout: 120_000 });
  assert.match(stdout, /2 crashes on embedded: [1-9]\d* items/);
});
