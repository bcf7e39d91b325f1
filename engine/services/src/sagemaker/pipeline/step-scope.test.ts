import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../testing/job-house.ts";
import type { Json } from "./definition.ts";
import type { PipelineExecution } from "./execution-body.ts";
import { evaluate } from "./expression.ts";
import { readDefinition } from "./read-definition.ts";
import { loadScope } from "./step-scope.ts";
import { definitionOf, processingStep } from "./testing/definitions.ts";
import { openPipelineHouse, type PipelineHouse } from "./testing/pipeline-house.ts";

const PropertyFiles = ["report", "broken", "bare", "missing"].map((name) => ({
  PropertyFileName: name,
  OutputName: "out",
  FilePath: `${name}.json`,
}));
const definition = readDefinition(
  JSON.stringify(definitionOf([processingStep("Evaluate", "true", { PropertyFiles })])),
);
const startTime = "2026-01-01T00:00:05.000Z";

const execution = {
  ...caller,
  name: "p/abc123def456",
  arn: "arn:execution",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  body: {
    pipelineName: "P",
    pipelineArn: "arn:p",
    parameters: [{ name: "Count", value: 3 }],
    steps: [{ name: "Evaluate", status: "Succeeded", resource: { name: "job", arn: "arn:job" } }],
  },
} as unknown as PipelineExecution;

/** The value of an expression whose step Evaluate was the job `job` with its output under s3://data/run. */
async function valueOf({ objects }: PipelineHouse, value: Json): Promise<Json> {
  const invoke = async () => ({
    ProcessingJobName: "job",
    ProcessingOutputConfig: { Outputs: [{ OutputName: "out", S3Output: { S3Uri: "s3://data/run/" } }] },
  });
  const record = { startTime, resource: { name: "mine" } };
  return evaluate(value, await loadScope({ objects, invoke }, { execution, definition, record }, value));
}

const fileOf = (name: string, Path = "metrics.accuracy"): Json => ({
  "Std:JsonGet": { PropertyFile: { Get: `Steps.Evaluate.PropertyFiles.${name}` }, Path },
});

test("expressions find their execution, parameters, properties and files", async () => {
  await using sql = await openTestSql();
  await using house = await openPipelineHouse(sql, systemClock);
  const put = (key: string, text: string) => house.objects.put({ ...caller, bucket: "data" }, key, Buffer.from(text));
  await put("run/report.json", '{"metrics":{"accuracy":0.9}}');
  await put("run/broken.json", "{");
  await put("run/bare.json", "3");
  const values: readonly (readonly [Json, Json])[] = [
    [{ Get: "Parameters.Count" }, 3],
    [{ Get: "Execution.PipelineName" }, "P"],
    [{ Get: "Execution.PipelineExecutionId" }, "abc123def456"],
    [{ Get: "Execution.PipelineExecutionArn" }, "arn:execution"],
    [{ Get: "Execution.StartDateTime" }, "2026-01-01T00:00:00.000Z"],
    [{ Get: "Execution.CurrentDateTime" }, startTime],
    [{ Get: "Execution.TrainingJobName" }, "mine"],
    [{ Get: "Steps.Evaluate.ProcessingJobName" }, "job"],
    [fileOf("report"), 0.9],
    [
      {
        "Std:JsonGet": {
          S3Uri: { "Std:Join": { On: "/", Values: ["s3://data", "run", "report.json"] } },
          Path: "$.metrics.accuracy",
        },
      },
      0.9,
    ],
  ];
  for (const [value, expected] of values) assert.equal(await valueOf(house, value), expected, JSON.stringify(value));
  await assert.rejects(valueOf(house, fileOf("broken")), /s3:\/\/data\/run\/broken\.json is not JSON/);
  await assert.rejects(valueOf(house, fileOf("bare")), /must have a JSON object/);
  await assert.rejects(valueOf(house, fileOf("missing")), /missing\.json cannot be read: NoSuchKey/);
  await assert.rejects(valueOf(house, fileOf("report", "metrics.recall")), /has no value/);
  const many = Array.from({ length: 21 }, (_, index) => `s3://data/many/${index}.json`);
  for (const uri of many) await put(uri.slice("s3://data/".length), '{"a":1}');
  const readAll = many.map((S3Uri): Json => ({ "Std:JsonGet": { S3Uri, Path: "a" } }));
  assert.deepEqual(await valueOf(house, readAll.slice(1)), Array(20).fill(1));
  await assert.rejects(valueOf(house, readAll), /can read 20 files/);
  await put("run/report.json", `{"metrics":"${"x".repeat(2 * 1024 * 1024)}"}`);
  await assert.rejects(valueOf(house, fileOf("report")), /larger than 2097152 bytes/);
});
