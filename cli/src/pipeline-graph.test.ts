import assert from "node:assert/strict";
import { test } from "node:test";
import { drawPipeline, readDefinedSteps } from "./pipeline-graph.ts";

const definition = JSON.stringify({
  Version: "2020-12-01",
  Steps: [
    { Name: "Prepare", Type: "Processing", Arguments: {} },
    { Name: "Train", Type: "Training", Arguments: { Uri: { Get: "Steps.Prepare.Outputs['train'].S3Uri" } } },
    {
      Name: "Check",
      Type: "Condition",
      DependsOn: ["Prepare"],
      Arguments: {
        Conditions: [{ Type: "Equals", LeftValue: { Get: "Steps.Train.TrainingJobStatus" }, RightValue: "Completed" }],
        IfSteps: [{ Name: "Register", Type: "RegisterModel", Arguments: {} }],
        ElseSteps: [{ Name: "Refuse", Type: "Fail", Arguments: { ErrorMessage: "no" } }],
      },
    },
  ],
});
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

test("an execution is drawn with states, times, dependencies and branches", () => {
  const steps = [
    { StepName: "Prepare", StepStatus: "Succeeded" as const, StartTime: at(0), EndTime: at(2), CacheHitResult: {} },
    { StepName: "Train", StepStatus: "Executing" as const, StartTime: at(2) },
  ];
  assert.equal(
    drawPipeline(readDefinedSteps(definition), steps, at(8)),
    [
      "✔ Prepare       Processing     Succeeded  2.0 s  from the cache",
      "▶ Train         Training       Executing  6.0 s  after Prepare",
      "· Check         Condition                        after Prepare, Train",
      "  if",
      "    · Register  RegisterModel",
      "  else",
      "    · Refuse    Fail",
    ].join("\n"),
  );
});

test("what is no definition is refused", () => {
  assert.throws(() => readDefinedSteps("{}"), /no list of steps/);
});
