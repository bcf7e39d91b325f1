import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { listOperations } from "../operation-list.ts";
import type { ServiceDefinition } from "../service.ts";
import { sendWithClient, walkOperations } from "./operation-walk.ts";
import { clientConfig, startWire } from "./start-wire.ts";

const require = createRequire(import.meta.url);

const service: ServiceDefinition = {
  id: "sagemaker",
  signingName: "sagemaker",
  targetPrefix: "SageMaker",
  protocols: ["aws-json"],
  load: () => require("@aws-sdk/client-sagemaker"),
  client: "SageMakerClient",
  constraints: {
    "CreateTrainingJobRequest.TrainingJobName": { min: 1, max: 63, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}" },
    "ResourceConfig.InstanceCount": { min: 0, max: 100 },
  },
  operations: { CreateTrainingJob: () => ({ TrainingJobArn: "arn" }) },
};

test("every wrong input of an operation is refused with a 4xx in AWS's form", async () => {
  await using server = await startWire({ services: [service] });
  const send = sendWithClient(service, new SageMakerClient(clientConfig(server)));
  const seen = new Set<string>();
  for await (const { mutation, status, code } of walkOperations({ service, send })) {
    assert.equal(status, 400, mutation);
    assert.match(code, /^(ValidationException|SerializationException)$/, mutation);
    seen.add(mutation);
  }
  for (const wanted of [
    "TrainingJobName missing",
    "TrainingJobName too long",
    "ResourceConfig.InstanceCount too large",
    "AlgorithmSpecification.TrainingInputMode no such value",
    "EnableNetworkIsolation of a wrong type",
  ]) {
    assert.ok(seen.has(wanted), wanted);
  }
});

test("the list of operations tells what is answered", () => {
  const listed = listOperations(service);
  assert.ok(listed.length > 400);
  assert.deepEqual(
    listed.filter(({ isAnswered }) => isAnswered).map(({ name }) => name),
    ["CreateTrainingJob"],
  );
});
