import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "./definition.ts";
import { evaluate, expressionsIn, type Scope, stepsReferredTo } from "./expression.ts";

const scope: Scope = {
  parameter: (name) => ({ Count: 3, Rate: 0.25, Debug: false, Bucket: "data", Empty: "" })[name],
  execution: (name) => (name === "PipelineExecutionId" ? "abc123def456" : undefined),
  properties: (step) =>
    step === "Train"
      ? { ModelArtifacts: { S3ModelArtifacts: "s3://data/model.tar.gz" }, Epochs: ["1", "2"] }
      : undefined,
  file(source, uri): Json | undefined {
    if (source.kind === "s3-uri") return uri === "s3://data/abc123def456/result.json" ? { Result: 7 } : undefined;
    return source.step === "Evaluate" && source.name === "report"
      ? { metrics: { accuracy: { value: 0.91 } } }
      : undefined;
  },
};

const evaluated: readonly { readonly of: Json; readonly is: Json }[] = [
  { of: { Get: "Parameters.Count" }, is: 3 },
  { of: { Get: "Parameters.Debug" }, is: false },
  { of: { Get: "Parameters.Empty" }, is: "" },
  { of: { Get: "Execution.PipelineExecutionId" }, is: "abc123def456" },
  { of: { Get: "Steps.Train.ModelArtifacts.S3ModelArtifacts" }, is: "s3://data/model.tar.gz" },
  { of: { Get: "Steps.Train.Epochs[1]" }, is: "2" },
  { of: { "Std:Join": { On: "/", Values: ["s3:/", { Get: "Parameters.Bucket" }, "out"] } }, is: "s3://data/out" },
  { of: { "Std:Join": { On: "", Values: [{ Get: "Parameters.Count" }] } }, is: "3" },
  {
    of: {
      "Std:Join": { On: ",", Values: [{ Get: "Parameters.Rate" }, true, { "Std:Join": { On: "-", Values: [1, 2] } }] },
    },
    is: "0.25,true,1-2",
  },
  {
    of: {
      "Std:JsonGet": { PropertyFile: { Get: "Steps.Evaluate.PropertyFiles.report" }, Path: "metrics.accuracy.value" },
    },
    is: 0.91,
  },
  {
    of: {
      "Std:JsonGet": {
        S3Uri: {
          "Std:Join": { On: "/", Values: ["s3://data", { Get: "Execution.PipelineExecutionId" }, "result.json"] },
        },
        Path: "$.Result",
      },
    },
    is: 7,
  },
  {
    of: { HyperParameters: { n: { Get: "Parameters.Count" } }, Tags: [{ Get: "x", Other: 1 }] },
    is: { HyperParameters: { n: 3 }, Tags: [{ Get: "x", Other: 1 }] },
  },
  { of: null, is: null },
];

test("evaluates what the SDK writes", () => {
  for (const { of, is } of evaluated) assert.deepEqual(evaluate(of, scope), is, JSON.stringify(of));
});

const failing: readonly (readonly [Json, RegExp])[] = [
  [{ Get: "Parameters.None" }, /Parameters\.None.*has no value/],
  [{ Get: "Steps.Other.Name" }, /Steps\.Other\.Name.*has no value/],
  [{ Get: "Steps.Train.ModelArtifacts.Missing" }, /has no value/],
  [{ Get: "Steps.Train" }, /must be Parameters/],
  [{ Get: "Execution.Weather" }, /not an execution variable/],
  [{ Get: 3 }, /must have a string/],
  [{ "Std:Upper": "x" }, /Std:Upper is not a function/],
  [{ "Std:Join": { On: 1, Values: [] } }, /Std:Join must have On/],
  [{ "Std:Join": { On: "", Values: [{ Get: "Steps.Train.Epochs" }] } }, /cannot join \["1","2"\]/],
  [{ "Std:JsonGet": { Path: "a" } }, /either a PropertyFile or an S3Uri/],
  [{ "Std:JsonGet": { PropertyFile: { Get: "Steps.Evaluate.Files.report" }, Path: "a" } }, /PropertyFiles\.<name>/],
  [{ "Std:JsonGet": { PropertyFile: { Get: "Steps.Evaluate.PropertyFiles.report" }, Path: "a[*]" } }, /Path "a\[\*\]"/],
  [
    { "Std:JsonGet": { PropertyFile: { Get: "Steps.Evaluate.PropertyFiles.report" }, Path: "metrics" } },
    /leads to an object/,
  ],
  [
    { "Std:JsonGet": { PropertyFile: { Get: "Steps.Evaluate.PropertyFiles.report" }, Path: "nothing" } },
    /has no value/,
  ],
];

test("says which expression has no value, and why", () => {
  for (const [value, message] of failing) assert.throws(() => evaluate(value, scope), message, JSON.stringify(value));
});

test("finds the steps that a value refers to, through every function", () => {
  const value: Json = {
    A: [{ "Std:Join": { On: "", Values: [{ Get: "Steps.One.X" }, { Get: "Parameters.P" }] } }],
    B: { "Std:JsonGet": { PropertyFile: { Get: "Steps.Two.PropertyFiles.f" }, Path: "a" } },
    C: { "Std:JsonGet": { S3Uri: { "Std:Join": { On: "/", Values: [{ Get: "Steps.Three.Path" }] } }, Path: "a" } },
  };
  assert.deepEqual([...stepsReferredTo(value)].toSorted(), ["One", "Three", "Two"]);
  assert.equal([...expressionsIn(value)].length, 7);
});

test("keeps members with dangerous names as ordinary ones", () => {
  const result = evaluate(JSON.parse('{"__proto__":{"polluted":true}}') as Json, scope) as object;
  assert.deepEqual(Object.keys(result), ["__proto__"]);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});
