import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheKeyOf } from "./cache-key.ts";
import type { JsonObject } from "./definition.ts";

const processing = { name: "Prepare", type: "Processing" };
const request: JsonObject = {
  AppSpecification: { ImageUri: "image", ContainerArguments: ["a", "b"] },
  Environment: { A: "1", B: "2" },
  ProcessingInputs: [{ InputName: "in", S3Input: { S3Uri: "s3://data/in" } }],
  ProcessingOutputConfig: { Outputs: [{ OutputName: "out", S3Output: { S3Uri: "s3://data/one" } }] },
  RoleArn: "role",
};
const key = cacheKeyOf(processing, request);

test("leaves out outputs, roles and instances, and the order of members", () => {
  const other = {
    ...request,
    Environment: { B: "2", A: "1" },
    ProcessingOutputConfig: { Outputs: [] },
    ProcessingResources: { ClusterConfig: {} },
    RoleArn: "another",
  };
  assert.equal(cacheKeyOf(processing, other), key);
});

test("differs with the program, its inputs, its environment, the step and the order of a list", () => {
  const others = [
    cacheKeyOf(processing, { ...request, AppSpecification: { ImageUri: "image", ContainerArguments: ["b", "a"] } }),
    cacheKeyOf(processing, { ...request, Environment: { A: "1" } }),
    cacheKeyOf(processing, {
      ...request,
      Environment: [
        ["A", "1"],
        ["B", "2"],
      ],
    }),
    cacheKeyOf(processing, { ...request, ProcessingInputs: [] }),
    cacheKeyOf({ ...processing, name: "Other" }, request),
    cacheKeyOf({ ...processing, type: "Training" }, request),
  ];
  assert.equal(new Set([key, ...others]).size, others.length + 1);
});

test("there is none for what is never cached", () => {
  assert.equal(cacheKeyOf({ name: "Register", type: "RegisterModel" }, request), undefined);
});
