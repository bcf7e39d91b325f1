import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrainingJob } from "../sagemaker/training-job-body.ts";
import { outcomeOf } from "./job-outcome.ts";
import { newRun } from "./job-run.ts";

const job = { status: "InProgress", body: { run: newRun("job-0123456789ab", "AKID") } } as TrainingJob;

test("a reason of any length keeps its exit code, and no character is cut in two", () => {
  for (const before of ["", "x"]) {
    const { failureReason = "" } = outcomeOf(
      job,
      { state: "ended", exitCode: 3, signal: null },
      before + "😀".repeat(2000),
    );
    assert.match(failureReason, /^AlgorithmError: x?(😀)+, exit code: 3$/u);
    assert.equal([...failureReason].length, 1024);
  }
});

test("a program that was killed counts as a shell counts it", () => {
  const killed = outcomeOf(job, { state: "ended", exitCode: null, signal: "SIGKILL" }, undefined);
  assert.match(killed.failureReason ?? "", /^AlgorithmError: .*out of memory, exit code: 137$/);
});
