import assert from "node:assert/strict";
import { test } from "node:test";
import type { SearchExpression } from "@aws-sdk/client-sagemaker";
import { checkExpression, matches } from "./search-expression.ts";

const job = {
  TrainingJobName: "november-2",
  CreationTime: new Date("2026-11-02T10:00:00Z"),
  BillableTimeInSeconds: 90,
  EnableManagedSpotTraining: false,
  ModelArtifacts: { S3ModelArtifacts: "s3://bucket/november-2/model.tar.gz" },
  HyperParameters: { epochs: "10", mode: "supervised" },
  Metrics: { "validation:accuracy": 0.91 },
  Tags: { team: "nlp" },
  Empty: [],
  InputDataConfig: [
    { ChannelName: "train", DataSource: { S3DataSource: { S3Uri: "s3://bucket/train" } } },
    { ChannelName: "validation", DataSource: { S3DataSource: { S3Uri: "s3://bucket/validation" } } },
  ],
};

type Condition = [name: string, operator: NonNullable<SearchExpression["Filters"]>[number]["Operator"], value?: string];

const filtersOf = (...conditions: Condition[]) =>
  conditions.map(([Name, Operator, Value]) => ({ Name, Operator, Value }));

test("each operator holds of the properties it should hold of, and of no others", () => {
  const holding: Condition[] = [
    ["TrainingJobName", "Equals", "november-2"],
    ["TrainingJobName", undefined, "november-2"],
    ["TrainingJobName", "Contains", "vember"],
    ["TrainingJobName", "In", "october-1, november-2"],
    ["TrainingJobName", "NotEquals", "november-1"],
    ["CreationTime", "GreaterThan", "2026-11-01T00:00:00"],
    ["CreationTime", "Equals", "2026-11-02T10:00:00Z"],
    ["BillableTimeInSeconds", "GreaterThanOrEqualTo", "90"],
    ["BillableTimeInSeconds", "LessThan", "1e2"],
    ["EnableManagedSpotTraining", "Equals", "false"],
    ["ModelArtifacts.S3ModelArtifacts", "Equals", "s3://bucket/november-2/model.tar.gz"],
    ["HyperParameters.epochs", "LessThanOrEqualTo", "10.5"],
    ["Metrics.validation:accuracy", "GreaterThan", "0.9"],
    ["Tags.team", "Equals", "nlp"],
    ["InputDataConfig.DataSource.S3DataSource.S3Uri", "Equals", "s3://bucket/validation"],
    ["InputDataConfig.DataSource", "Exists"],
    ["Empty", "Exists"],
    ["FailureReason", "NotExists"],
  ];
  for (const condition of holding) assert.ok(matches(job, { Filters: filtersOf(condition) }), condition.join(" "));
  const failing: Condition[] = [
    ["TrainingJobName", "Equals", "November-2"],
    ["TrainingJobName", "NotEquals", "november-2"],
    ["TrainingJobName", "GreaterThan", "a"],
    ["TrainingJobName", "In", "october-1,november"],
    ["CreationTime", "Equals", "yesterday"],
    ["BillableTimeInSeconds", "LessThan", "many"],
    ["EnableManagedSpotTraining", "Equals", "true"],
    ["ModelArtifacts", "Equals", "s3://bucket/november-2/model.tar.gz"],
    ["TrainingJobName.length", "Exists"],
    ["constructor", "Exists"],
    ["FailureReason", "Equals", ""],
  ];
  for (const condition of failing) assert.ok(!matches(job, { Filters: filtersOf(condition) }), condition.join(" "));
});

test("conditions are joined by And, or by Or when asked", () => {
  const Filters = filtersOf(["TrainingJobName", "Equals", "november-2"], ["Tags.team", "Equals", "vision"]);
  assert.ok(!matches(job, { Filters }));
  assert.ok(matches(job, { Filters, Operator: "Or" }));
  assert.ok(matches(job, { SubExpressions: [{ Filters, Operator: "Or" }], Filters: filtersOf(["Empty", "Exists"]) }));
});

test("nested filters hold of one and the same element", () => {
  const uri = "InputDataConfig.DataSource.S3DataSource.S3Uri";
  const nested = (channel: string, name: string): SearchExpression => ({
    NestedFilters: [
      {
        NestedPropertyName: "InputDataConfig",
        Filters: filtersOf(["InputDataConfig.ChannelName", "Equals", channel], [name, "Contains", "/validation"]),
      },
    ],
  });
  assert.ok(matches(job, nested("validation", uri)));
  assert.ok(matches(job, nested("validation", "DataSource.S3DataSource.S3Uri")));
  assert.ok(!matches(job, nested("train", uri)));
});

test("an expression that says nothing, or too much, is refused", () => {
  const filter = { Name: "TrainingJobName", Value: "a" };
  const many = { Filters: Array.from({ length: 17 }, () => filter) };
  const refused: [SearchExpression, RegExp][] = [
    [{}, /at least one filter/],
    [{ SubExpressions: [{}] }, /at least one filter/],
    [{ Filters: [{ Name: "TrainingJobName" }] }, /must have a Value/],
    [{ SubExpressions: [many, many, many] }, /at most 50/],
  ];
  for (const [expression, message] of refused) {
    assert.throws(() => checkExpression(expression), { code: "ValidationException", message });
  }
  checkExpression({ SubExpressions: [many, many] });
});
