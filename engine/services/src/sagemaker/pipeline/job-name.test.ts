import assert from "node:assert/strict";
import { test } from "node:test";
import { jobName } from "./job-name.ts";

const executionId = "x4wdj5ovkvcg";
const random = "tAgHLhbNkO";
/** Of TrainingJobName. */
const PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

test("names a job as AWS does", () => {
  assert.equal(
    jobName({ executionId, stepName: "AbaloneTrain", random }),
    "pipelines-x4wdj5ovkvcg-AbaloneTrain-tAgHLhbNkO",
  );
  assert.equal(
    jobName({ executionId, stepName: "Train", random, prefix: "abalone" }),
    "abalone-x4wdj5ovkvcg-tAgHLhbNkO",
  );
});

test("keeps what makes the name unique, whatever the step is called", () => {
  for (const stepName of ["a".repeat(256), "under_score_", "-", "_", "Train-", `${"a".repeat(28)}--b`]) {
    for (const prefix of [undefined, stepName]) {
      const name = jobName({ executionId, stepName, random, prefix });
      assert.match(name, PATTERN, stepName);
      assert.ok(name.endsWith(`-${random}`) && name.includes(executionId), name);
    }
  }
});
