import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

test("a server that is started again while the former one ends becomes ready", async () => {
  const args = ["conformance/src/restart.ts", "--rounds", "4", "--seed", "11"];
  const cwd = new URL("../../", import.meta.url);
  const { stdout } = await run(process.execPath, args, { cwd, timeout: 120_000 });
  assert.match(stdout, /4 endings on embedded/);
});
