import assert from "node:assert/strict";
import { test } from "node:test";
import { createControlLoop, type ResourceKind, SimulatedCrash } from "@rondo/control";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { pipelineExecutionCrashPoints } from "./execution-kind.ts";
import {
  definitionOf,
  IN_PROCESSING,
  outputOf,
  processingStep,
  registerModelStep,
  trainingStep,
} from "./testing/definitions.ts";
import { openPipelineHouse, type PipelineHouse } from "./testing/pipeline-house.ts";

const definition = definitionOf([
  processingStep(
    "Prepare",
    `${IN_PROCESSING}mkdir -p output/more; cp input/1.csv output/; cp input/1.csv output/more/`,
  ),
  trainingStep("Train", "train", outputOf("Prepare")),
  {
    Name: "Always",
    Type: "Condition",
    DependsOn: ["Train"],
    Arguments: { Conditions: [], IfSteps: [registerModelStep("Register", "Train")], ElseSteps: [] },
  },
]);

const STOPPED = "pipeline-execution:stopped";

/** Runs all kinds until the execution has ended, dying each time at the point's next passage from `passages` on. */
async function runDying(house: PipelineHouse, arn: string, point: string): Promise<number> {
  let deaths = 0;
  for (let passage = 1; ; passage += 1) {
    const passed = { count: 0 };
    const death = Promise.withResolvers<"dead">();
    const kinds = [...house.jobKinds(), house.createKind() as ResourceKind<object>];
    const loop = createControlLoop({
      resources: house.resources,
      kinds,
      clock: systemClock,
      crashPoint(name) {
        if (name !== point || (passed.count += 1) < passage) return;
        death.resolve("dead");
        throw new SimulatedCrash(name);
      },
    });
    await loop.start();
    const end = await Promise.race([death.promise, house.ended(arn)]);
    await loop.stop();
    if (end !== "dead") return deaths;
    deaths += 1;
    // What the next process does at its start: no other one is alive.
    await house.sql.query("update resource set lease = null, lease_until = null where lease is not null");
  }
}

for (const point of pipelineExecutionCrashPoints.filter((name) => name !== STOPPED)) {
  test(`with real jobs, killed at ${point} again and again, a pipeline does everything once`, async () => {
    await using sql = await openTestSql();
    await using house = await openPipelineHouse(sql, systemClock);
    await house.createPipeline("Killed", definition);
    const arn = await house.start("Killed");
    const deaths = await runDying(house, arn, point);
    assert.ok(deaths > 0, "the crash point is never passed");
    assert.equal(
      (await house.describe(arn)).PipelineExecutionStatus,
      "Succeeded",
      JSON.stringify(await house.steps(arn)),
    );
    assert.deepEqual(await house.stepStates(arn), [
      "Prepare Succeeded",
      "Train Succeeded",
      "Always Succeeded",
      "Register Succeeded",
    ]);
    assert.equal(await house.countRuns(), 2);
    const rows = await sql.query<{ type: string; count: number }>(
      "select type, count(*) as count from resource where type not like 'sagemaker/pipeline%' group by type order by type",
    );
    assert.deepEqual(
      rows.map(({ type, count }) => [type, count]),
      [
        ["sagemaker/model-package", 1],
        ["sagemaker/model-package-group", 1],
        ["sagemaker/processing-job", 1],
        ["sagemaker/training-job", 1],
      ],
    );
  });
}
