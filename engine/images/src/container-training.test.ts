import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { runTraining } from "./container-training.ts";
import { createContainerDirectory } from "./testing/container-process.ts";
import { sagemakerXgboost } from "./xgboost/xgboost.ts";

test("stopped while it reads, a training ends without a model and without a failure", async () => {
  await using directory = await createContainerDirectory({ num_round: "1" }, { train: { a: "" } }, "text/csv");
  const pipe = join(directory.path, "input", "data", "train_0");
  execFileSync("mkfifo", [pipe]);
  await using writer = await open(pipe, "r+");
  await writer.write("1,2\n");
  const termination = new AbortController();
  const lines: string[] = [];
  const training = runTraining(sagemakerXgboost, {
    directory: directory.path,
    variables: { OMP_NUM_THREADS: "1" },
    signal: termination.signal,
    clock: { now: () => new Date(0) },
    log: (line) => void lines.push(line),
  });
  setImmediate(() => termination.abort());
  assert.equal(await training, 0);
  assert.deepEqual(lines, ["Arguments: train", "Training was stopped before anything was learned."]);
  assert.deepEqual(await readdir(join(directory.path, "model")), []);
  assert.ok(!existsSync(join(directory.path, "output", "failure")));
});
