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

/** Of the crash points that an execution passes on its way, each this often. */
const DEATHS = 2;

/** Runs all kinds until the execution has ended, dying at each point again and again; how often at which. */
async function runDying(house: PipelineHouse, arn: string): Promise<ReadonlyMap<string, number>> {
  const deaths = new Map<string, number>();
  for (;;) {
    const death = Promise.withResolvers<"dead">();
    const kinds = [...house.jobKinds(), house.createKind() as ResourceKind<object>];
    const loop = createControlLoop({
      resources: house.resources,
      kinds,
      clock: systemClock,
      crashPoint(name) {
        const before = deaths.get(name) ?? 0;
        if (!name.startsWith("pipeline-execution:") || before >= DEATHS) return;
        deaths.set(name, before + 1);
        death.resolve("dead");
        throw new SimulatedCrash(name);
      },
    });
    await loop.start();
    const end = await Promise.race([death.promise, house.ended(arn)]);
    await loop.stop();
    if (end !== "dead") return deaths;
    // What the next process does at its start: no other one is alive.
    await house.sql.query("update resource set lease = null, lease_until = null where lease is not null");
  }
}

test("with real jobs, killed again and again at every point, a pipeline does everything once", async () => {
  await using sql = await openTestSql();
  await using house = await openPipelineHouse(sql, systemClock);
  await house.createPipeline("Killed", definition);
  const arn = await house.start("Killed");
  const deaths = await runDying(house, arn);
  const passed = pipelineExecutionCrashPoints.filter((point) => point !== "pipeline-execution:stopped");
  assert.deepEqual(
    new Map(passed.map((point) => [point, deaths.get(point)])),
    new Map(passed.map((point) => [point, DEATHS])),
  );
  const { PipelineExecutionStatus: status } = await house.describe(arn);
  assert.equal(status, "Succeeded", JSON.stringify(await house.steps(arn)));
  const states = ["Prepare Succeeded", "Train Succeeded", "Always Succeeded", "Register Succeeded"];
  assert.deepEqual(await house.stepStates(arn), states);
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
