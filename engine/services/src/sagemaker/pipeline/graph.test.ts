import assert from "node:assert/strict";
import { test } from "node:test";
import { readySteps, type StepProgress } from "./graph.ts";
import { readDefinition } from "./read-definition.ts";
import { definitionOf, processingStep } from "./testing/definitions.ts";

const { steps } = readDefinition(
  JSON.stringify(
    definitionOf([
      processingStep("A", "true"),
      processingStep("B", "true"),
      {
        Name: "C",
        Type: "Condition",
        DependsOn: ["A"],
        Arguments: {
          Conditions: [],
          IfSteps: [processingStep("Yes", "true")],
          ElseSteps: [processingStep("No", "true", { DependsOn: ["B"] })],
        },
      },
      processingStep("AfterYes", "true", { DependsOn: ["Yes"] }),
      processingStep("AfterC", "true", { DependsOn: ["C"] }),
    ]),
  ),
);

const succeeded: StepProgress = { isSucceeded: true, outcome: undefined };
const running: StepProgress = { isSucceeded: false, outcome: undefined };

function ready(progress: Readonly<Record<string, StepProgress>>): string[] {
  return readySteps(steps, new Map(Object.entries(progress))).map(({ name }) => name);
}

test("begins with the steps that wait for nothing", () => {
  assert.deepEqual(ready({}), ["A", "B"]);
  assert.deepEqual(ready({ A: running }), ["B"]);
});

test("goes on with what a step was waited for, and with the branch that is taken", () => {
  assert.deepEqual(ready({ A: succeeded, B: running }), ["C"]);
  assert.deepEqual(ready({ A: succeeded, B: running, C: { isSucceeded: true, outcome: true } }), ["Yes", "AfterC"]);
  assert.deepEqual(ready({ A: succeeded, B: running, C: { isSucceeded: true, outcome: false } }), ["AfterC"]);
  assert.deepEqual(ready({ A: succeeded, B: succeeded, C: { isSucceeded: true, outcome: false } }), ["No", "AfterC"]);
});

test("never comes to a step that waits for a branch that is not taken", () => {
  const all = {
    A: succeeded,
    B: succeeded,
    C: { isSucceeded: true, outcome: false },
    No: succeeded,
    AfterC: succeeded,
  };
  assert.deepEqual(ready(all), []);
  assert.deepEqual(ready({ ...all, C: { isSucceeded: true, outcome: true }, Yes: succeeded }), ["AfterYes"]);
});
