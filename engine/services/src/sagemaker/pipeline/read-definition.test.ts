import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "./definition.ts";
import { readDefinition } from "./read-definition.ts";
import { definitionOf, outputOf, processingStep, trainingStep } from "./testing/definitions.ts";

const read = (definition: JsonObject) => readDefinition(JSON.stringify(definition));
const fail = (Name: string, more: JsonObject = {}): JsonObject => ({
  Name,
  Type: "Fail",
  Arguments: { ErrorMessage: "" },
  ...more,
});

function condition(
  Name: string,
  IfSteps: readonly JsonObject[],
  ElseSteps: readonly JsonObject[] = [],
  left: JsonObject | number = 1,
): JsonObject {
  return {
    Name,
    Type: "Condition",
    Arguments: { Conditions: [{ Type: "Equals", LeftValue: left, RightValue: 1 }], IfSteps, ElseSteps },
  };
}

test("puts the steps of all branches into one list, with what each waits for", () => {
  const { steps } = read(
    definitionOf([
      processingStep("Prepare", "true"),
      condition(
        "Outer",
        [condition("Inner", [trainingStep("Train", "train", outputOf("Prepare"))])],
        [fail("Refuse", { DependsOn: ["Prepare"] })],
      ),
    ]),
  );
  assert.deepEqual(
    steps.map(({ name, waitsFor, branch }) => [name, [...waitsFor].toSorted(), branch?.condition, branch?.when]),
    [
      ["Prepare", [], undefined, undefined],
      ["Outer", [], undefined, undefined],
      ["Inner", ["Outer"], "Outer", true],
      ["Train", ["Inner", "Prepare"], "Inner", true],
      ["Refuse", ["Outer", "Prepare"], "Outer", false],
    ],
  );
});

test("reads parameters, property files, caching and retry policies", () => {
  const step = processingStep("Evaluate", "true", {
    DisplayName: "Evaluation",
    CacheConfig: { Enabled: true, ExpireAfter: "PT1H" },
    PropertyFiles: [{ PropertyFileName: "report", OutputName: "out", FilePath: "evaluation.json" }],
    RetryPolicies: [{ ExceptionType: ["Step.THROTTLING"], IntervalSeconds: 5, BackoffRate: 3, MaxAttempts: 4 }],
  });
  const parameters: JsonObject[] = [
    { Name: "Kind", Type: "String", DefaultValue: "a", EnumValues: ["a", "b"] },
    { Name: "Rate", Type: "Float" },
  ];
  const definition = read(definitionOf([step], parameters));
  assert.deepEqual(definition.parameters, [
    { name: "Kind", type: "String", defaultValue: "a", enumValues: ["a", "b"] },
    { name: "Rate", type: "Float", defaultValue: undefined, enumValues: undefined },
  ]);
  const [evaluate] = definition.steps;
  assert.equal(evaluate?.displayName, "Evaluation");
  assert.deepEqual(evaluate?.cache, { expiresAfterMs: 3_600_000 });
  assert.deepEqual(evaluate?.propertyFiles, [{ name: "report", outputName: "out", filePath: "evaluation.json" }]);
  const policy = { intervalSeconds: 5, backoffRate: 3, maxAttempts: 4, expireAfterMinutes: undefined };
  assert.deepEqual(evaluate?.retryPolicies, [{ exceptionTypes: ["Step.THROTTLING"], ...policy }]);
});

const evaluate = processingStep("Evaluate", "true", {
  PropertyFiles: [{ PropertyFileName: "report", OutputName: "out", FilePath: "evaluation.json" }],
});
const jsonGet = (PropertyFile: string): JsonObject => ({
  "Std:JsonGet": { PropertyFile: { Get: PropertyFile }, Path: "a" },
});
const retrying = (policy: JsonObject): JsonObject =>
  definitionOf([processingStep("A", "true", { RetryPolicies: [policy] })]);

const wrong: readonly (readonly [JsonObject | string, RegExp])[] = [
  ["{", /it is not JSON/],
  ["[]", /must be a JSON object/],
  ["[".repeat(100_000) + "]".repeat(100_000), /must be a JSON object/],
  [`{"Version":"2020-12-01","Steps":${"[".repeat(300)}${"]".repeat(300)}}`, /nested deeper than 250/],
  [{ ...definitionOf([fail("A")]), Version: "2021" }, /Version must be "2020-12-01"/],
  [{ ...definitionOf([fail("A")]), Stages: [] }, /Stages is not a member/],
  [definitionOf([]), /at least one step/],
  [definitionOf([{ Name: "A B", Type: "Fail", Arguments: {} }]), /Steps\[0\] must have a Name/],
  [definitionOf([{ Name: "A", Arguments: {} }]), /step A must have a Type/],
  [definitionOf([{ Name: "Tune", Type: "Tuning", Arguments: {} }]), /step Tune: its Type Tuning is not there yet/],
  [
    definitionOf([{ Name: "Cook", Type: "Cooking", Arguments: {} }]),
    /step Cook: its Type "Cooking" is not a step type/,
  ],
  [definitionOf([{ Name: "A", Type: "Fail" }]), /step A: Arguments must be an object/],
  [definitionOf([fail("A", { Colour: "red" })]), /step A: Colour is not a member/],
  [definitionOf([fail("A"), condition("B", [fail("A")])]), /more than one step with the Name A/],
  [definitionOf([fail("A", { DependsOn: ["B"] })]), /step A: DependsOn names B/],
  [definitionOf([fail("A", { DependsOn: "B" })]), /step A: DependsOn must be a list/],
  [
    definitionOf([condition("A", [fail("B")], [], { Get: "Steps.B.X" })]),
    /Steps\.B has no properties: it is a Fail step/,
  ],
  [definitionOf([processingStep("A", { Get: "Steps.C.Name" })]), /step A: Steps\.C is not a step/],
  [definitionOf([processingStep("A", { Get: "Parameters.C" })]), /step A: Parameters\.C is not a parameter/],
  [definitionOf([processingStep("A", { Get: "Steps.A.ProcessingJobName" })]), /wait for one another: A → A/],
  [
    definitionOf([
      processingStep("A", outputOf("B")),
      processingStep("B", outputOf("C")),
      processingStep("C", "", { DependsOn: ["A"] }),
    ]),
    /wait for one another: A → B → C → A/,
  ],
  [definitionOf([condition("A", [processingStep("B", "true")], [], outputOf("B"))]), /wait for one another: A → B → A/],
  [
    definitionOf([evaluate, condition("C", [], [], jsonGet("Steps.Evaluate.PropertyFiles.other"))]),
    /has no PropertyFile other/,
  ],
  [
    definitionOf([evaluate, condition("C", [], [], { Get: "Steps.Evaluate.PropertyFiles.report" })]),
    /only be read with Std:JsonGet/,
  ],
  [
    definitionOf([condition("C", []), processingStep("A", { Get: "Steps.C.Name" })]),
    /has Outcome as its only property/,
  ],
  [
    definitionOf([
      processingStep("E", "", { PropertyFiles: [{ PropertyFileName: "r", OutputName: "no", FilePath: "f" }] }),
      condition("C", [], [], jsonGet("Steps.E.PropertyFiles.r")),
    ]),
    /names the output no/,
  ],
  [definitionOf([fail("A", { PropertyFiles: [{}] })]), /only a Processing step may have PropertyFiles/],
  [definitionOf([processingStep("A", "", { PropertyFiles: [{}] })]), /step A: PropertyFiles\[0\] must have/],
  [
    definitionOf([processingStep("A", "", { CacheConfig: { Enabled: true, ExpireAfter: "soon" } })]),
    /step A: CacheConfig\.ExpireAfter/,
  ],
  [definitionOf([processingStep("A", "", { CacheConfig: {} })]), /step A: CacheConfig must have Enabled/],
  [
    retrying({ ExceptionType: ["Step.BAD_LUCK"], MaxAttempts: 1 }),
    /step A: RetryPolicies\[0\]\.ExceptionType: "Step\.BAD_LUCK"/,
  ],
  [retrying({ ExceptionType: ["Step.THROTTLING"] }), /either MaxAttempts or ExpireAfterMin/],
  [retrying({ ExceptionType: ["Step.THROTTLING"], MaxAttempts: 21 }), /MaxAttempts must be a number from 1 to 20/],
  [
    definitionOf([{ ...condition("A", []), Arguments: { Conditions: [{ Type: "Between" }] } }]),
    /step A: Arguments\.Conditions\[0\] has the Type "Between"/,
  ],
  [definitionOf([fail("A")], [{ Name: "P", Type: "Date" }]), /Type of parameter P must be one of/],
  [
    { ...definitionOf([fail("A")]), PipelineExperimentConfig: { TrialName: { Get: "Execution.TrainingJobName" } } },
    /PipelineExperimentConfig\.TrialName: Execution\.TrainingJobName has a value in a step only/,
  ],
  [
    {
      ...definitionOf([fail("A")]),
      PipelineExperimentConfig: { TrialName: { "Std:JsonGet": { S3Uri: "s3://b/k", Path: "a" } } },
    },
    /PipelineExperimentConfig\.TrialName: Std:JsonGet can only be used in a step/,
  ],
  [
    definitionOf([fail("A")], [{ Name: "P", Type: "Integer", DefaultValue: 1.5 }]),
    /DefaultValue of parameter P must be of the type Integer/,
  ],
  [
    definitionOf([fail("A")], [{ Name: "P", Type: "String", DefaultValue: "c", EnumValues: ["a"] }]),
    /none of its EnumValues/,
  ],
  [
    definitionOf(
      [fail("A")],
      [
        { Name: "P", Type: "String" },
        { Name: "P", Type: "String" },
      ],
    ),
    /more than one parameter with the Name P/,
  ],
];

test("refuses what is wrong, naming the step and the member", () => {
  for (const [definition, message] of wrong) {
    const text = typeof definition === "string" ? definition : JSON.stringify(definition);
    assert.throws(() => readDefinition(text), { name: "ValidationException", message }, String(message));
  }
});

test("reads conditions that are nested forty deep", () => {
  let step = fail("Innermost");
  for (let depth = 0; depth < 40; depth += 1) step = condition(`C${depth}`, [step]);
  assert.equal(read(definitionOf([step])).steps.length, 41);
});
