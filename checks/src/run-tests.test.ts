import assert from "node:assert/strict";
import { test } from "node:test";
import { readCounts } from "./run-tests.ts";

test("the closing lines of the runner are counted, a cancelled test is a failed one", () => {
  const output = "✔ one\nℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail 1\nℹ cancelled 2\nℹ skipped 1\nℹ todo 0\n";
  assert.deepEqual(readCounts(output), { passed: 5, failed: 3, skipped: 1 });
});
