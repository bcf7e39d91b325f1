import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { createInProcessClient } from "./in-process-client.ts";
import type { Caller, SdkModule, ServiceDefinition } from "./service.ts";

const require = createRequire(import.meta.url);
const caller: Caller = {
  accountId: "111122223333",
  region: "eu-west-1",
  accessKeyId: "AKID",
  arn: "arn:aws:iam::111122223333:root",
};
const { signal } = new AbortController();

const received: unknown[] = [];
const definition: ServiceDefinition = {
  id: "sagemaker",
  signingName: "sagemaker",
  targetPrefix: "SageMaker",
  protocols: ["aws-json"],
  load: () => require("@aws-sdk/client-sagemaker") as SdkModule,
  client: "SageMakerClient",
  operations: {
    DescribeModel(input: unknown, by: Caller) {
      received.push({ input, by });
      return { ModelArn: "arn" };
    },
  },
  constraints: { "DescribeModelInput.ModelName": { max: 5, pattern: "[a-z]*" } },
};
const call = createInProcessClient(definition);

test("calls the operation's own function with what the schema reads", async () => {
  const output = await call({ operation: "DescribeModel", input: { ModelName: "a", Unknown: 1 }, caller, signal });
  assert.deepEqual(output, { ModelArn: "arn" });
  assert.deepEqual(received, [{ input: { ModelName: "a" }, by: caller }]);
});

test("refuses what a request would be refused for", async () => {
  const describe = (input: unknown) => call({ operation: "DescribeModel", input, caller, signal });
  await assert.rejects(describe({}), { name: "ValidationException", message: /modelName.*must not be null/ });
  await assert.rejects(describe({ ModelName: "toolong" }), { name: "ValidationException" });
  await assert.rejects(describe({ ModelName: 3 }), { name: "SerializationException" });
  await assert.rejects(call({ operation: "ListModels", input: {}, caller, signal }), {
    name: "UnknownOperationException",
  });
});
