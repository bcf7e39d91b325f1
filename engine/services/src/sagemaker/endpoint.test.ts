import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
  waitUntilEndpointDeleted,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { countingImage } from "@rondo/serve/testing";
import { startServingHouse } from "./testing/serving-house.ts";

const isValidation = (pattern: RegExp) => (error: Error) => {
  assert.equal(error.name, "ValidationException");
  assert.match(error.message, pattern);
  return true;
};

test("a model is created, described, listed and deleted", async () => {
  await using house = await startServingHouse();
  const { sagemaker } = house;
  const { ModelArn } = await house.createModel("first", "one");
  assert.equal(ModelArn, `arn:aws:sagemaker:${house.region}:${house.accountId}:model/first`);
  const model = await sagemaker.send(new DescribeModelCommand({ ModelName: "first" }));
  assert.equal(model.PrimaryContainer?.ModelDataUrl, "s3://models/one.tar.gz");
  assert.deepEqual(model.PrimaryContainer?.Environment, { KEY: "value" });
  assert.ok(model.CreationTime instanceof Date);
  await assert.rejects(
    house.createModel("first", "one"),
    isValidation(/^Cannot create already existing model "arn:.*model\/first"/),
  );
  await sagemaker.send(new DeleteModelCommand({ ModelName: "first" }));
  await assert.rejects(
    sagemaker.send(new DescribeModelCommand({ ModelName: "first" })),
    isValidation(/^Could not find model "arn:.*model\/first"\.$/),
  );
});

test("models are listed page by page, the newest first", async () => {
  await using house = await startServingHouse();
  for (const name of ["alpha", "beta", "gamma", "other"]) await house.createModel(name, "one");
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await house.sagemaker.send(new ListModelsCommand({ MaxResults: 2, NameContains: "a", NextToken }));
    names.push(...(page.Models ?? []).map(({ ModelName }) => ModelName));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(names, ["gamma", "beta", "alpha"]);
  const byName = await house.sagemaker.send(new ListModelsCommand({ SortBy: "Name", SortOrder: "Ascending" }));
  assert.deepEqual(
    byName.Models?.map(({ ModelName }) => ModelName),
    ["alpha", "beta", "gamma", "other"],
  );
  await assert.rejects(
    house.sagemaker.send(new ListModelsCommand({ NextToken: "foreign" })),
    isValidation(/NextToken/),
  );
});

test("what a model cannot have is refused", async () => {
  await using house = await startServingHouse();
  const create = (input: object) => house.sagemaker.send(new CreateModelCommand({ ModelName: "bad", ...input }));
  await assert.rejects(create({}), isValidation(/PrimaryContainer and Containers/));
  await assert.rejects(
    create({ PrimaryContainer: { ModelPackageName: "package" } }),
    isValidation(/^ModelPackage arn:.*\/package does not exist/),
  );
  await assert.rejects(create({ PrimaryContainer: {} }), isValidation(/Image/));
});

test("an endpoint configuration is created, described and deleted", async () => {
  await using house = await startServingHouse();
  await house.createModel("first", "one");
  await house.createConfig("config", { AllTraffic: "first" });
  const config = await house.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: "config" }));
  assert.deepEqual(config.ProductionVariants, [
    {
      VariantName: "AllTraffic",
      ModelName: "first",
      InitialInstanceCount: 1,
      InstanceType: "ml.m5.large",
      InitialVariantWeight: 1,
    },
  ]);
  await assert.rejects(
    house.createConfig("config", { AllTraffic: "first" }),
    isValidation(/^Cannot create already existing endpoint configuration "arn:/),
  );
  await assert.rejects(
    house.createConfig("next", { AllTraffic: "none" }),
    isValidation(/^Could not find model "arn:.*model\/none"/),
  );
  await house.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: "config" }));
  await assert.rejects(
    house.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: "config" })),
    isValidation(/^Could not find endpoint configuration "arn:.*endpoint-config\/config"/),
  );
});

test("a configuration that asks for what would change answers is refused", async () => {
  await using house = await startServingHouse();
  await house.createModel("first", "one");
  const variant = {
    VariantName: "a",
    ModelName: "first",
    InitialInstanceCount: 1,
    InstanceType: "ml.m5.large" as const,
  };
  const create = (input: object) =>
    house.sagemaker.send(
      new CreateEndpointConfigCommand({ EndpointConfigName: "config", ProductionVariants: [variant], ...input }),
    );
  const capture = {
    EnableCapture: true,
    InitialSamplingPercentage: 100,
    DestinationS3Uri: "s3://bucket/capture",
    CaptureOptions: [{ CaptureMode: "Input" }],
  };
  const refused: [object, RegExp][] = [
    [{ AsyncInferenceConfig: { OutputConfig: { S3OutputPath: "s3://bucket/out" } } }, /AsyncInferenceConfig/],
    [{ ShadowProductionVariants: [{ ...variant, VariantName: "shadow" }] }, /ShadowProductionVariants/],
    [{ DataCaptureConfig: capture }, /DataCaptureConfig/],
    [{ ProductionVariants: [variant, variant] }, /unique/],
    [{ ProductionVariants: [{ ...variant, ModelName: undefined }] }, /inference components/],
    [{ ProductionVariants: [{ ...variant, InstanceType: undefined }] }, /InstanceType or a ServerlessConfig/],
  ];
  for (const [input, pattern] of refused) await assert.rejects(create(input), isValidation(pattern));
});

test("an endpoint comes into service, answers, is described and deleted", async () => {
  await using house = await startServingHouse();
  const startedAt = performance.now();
  await house.createEndpoint("sentiment", "one", [{ Key: "team", Value: "a" }]);
  await house.inService("sentiment");
  assert.ok(performance.now() - startedAt < 2000, "a small model is InService within 2 s");
  assert.equal(await house.ask("sentiment", "x"), "one:x");
  const endpoint = await house.sagemaker.send(new DescribeEndpointCommand({ EndpointName: "sentiment" }));
  assert.equal(endpoint.EndpointConfigName, "sentiment-one");
  assert.equal(endpoint.PendingDeploymentSummary, undefined);
  const [variant] = endpoint.ProductionVariants ?? [];
  assert.deepEqual(
    [variant?.VariantName, variant?.CurrentWeight, variant?.DesiredWeight, variant?.CurrentInstanceCount],
    ["AllTraffic", 1, 1, 1],
  );
  assert.match(variant?.DeployedImages?.[0]?.SpecifiedImage ?? "", /counting:1$/);
  assert.ok(variant?.DeployedImages?.[0]?.ResolutionTime instanceof Date);
  const tags = await house.sagemaker.send(new ListTagsCommand({ ResourceArn: endpoint.EndpointArn }));
  assert.deepEqual(tags.Tags, [{ Key: "team", Value: "a" }]);
  await assert.rejects(
    house.sagemaker.send(new CreateEndpointCommand({ EndpointName: "sentiment", EndpointConfigName: "sentiment-one" })),
    isValidation(/^Cannot create already existing endpoint "arn:/),
  );
  const list = await house.sagemaker.send(new ListEndpointsCommand({ StatusEquals: "InService" }));
  assert.deepEqual(
    list.Endpoints?.map(({ EndpointName }) => EndpointName),
    ["sentiment"],
  );
  await house.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "sentiment" }));
  await waitUntilEndpointDeleted(
    { client: house.sagemaker, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
    { EndpointName: "sentiment" },
  );
  await assert.rejects(
    house.sagemaker.send(new DescribeEndpointCommand({ EndpointName: "sentiment" })),
    isValidation(/^Could not find endpoint "arn:.*endpoint\/sentiment"\.$/),
  );
  await assert.rejects(house.ask("sentiment", "x"), { name: "ValidationError" });
});

test("an endpoint whose model never comes can be deleted while it is Creating", async () => {
  const asked = Promise.withResolvers<void>();
  const load = (): Promise<never> => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  await using house = await startServingHouse({ findImage: () => ({ ...countingImage, load }) });
  await house.createEndpoint("endless", "one");
  await asked.promise;
  const started = performance.now();
  await house.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "endless" }));
  await waitUntilEndpointDeleted(
    { client: house.sagemaker, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
    { EndpointName: "endless" },
  );
  assert.ok(performance.now() - started < 5000, "sooner than a claim is renewed");
});

test("an endpoint whose model cannot be loaded is Failed with the reason", async () => {
  await using house = await startServingHouse();
  await house.createEndpoint("broken", "unloadable");
  const endpoint = await house.settled("broken");
  assert.equal(endpoint.EndpointStatus, "Failed");
  assert.match(endpoint.FailureReason ?? "", /the answer is unloadable/);
  await assert.rejects(house.ask("broken", "x"), (error: Error) => {
    assert.equal(error.name, "ValidationError");
    assert.match(error.message, /^Endpoint broken of account \d{12} not found\. It is Failed/);
    return true;
  });
  await assert.rejects(
    house.sagemaker.send(
      new UpdateEndpointCommand({ EndpointName: "broken", EndpointConfigName: "broken-unloadable" }),
    ),
    isValidation(/^Cannot update failed endpoint/),
  );
});

test("an update under load moves to the new model without one failing request", async () => {
  await using house = await startServingHouse();
  await house.createEndpoint("sentiment", "one");
  await house.inService("sentiment");
  let isUpdating = true;
  const seen = new Set<string>();
  const clients = Array.from({ length: 8 }, async () => {
    while (isUpdating) seen.add(await house.ask("sentiment", "x"));
  });
  try {
    for (const model of ["two", "one", "two"]) await house.update("sentiment", model);
  } finally {
    isUpdating = false;
  }
  await Promise.all(clients);
  assert.deepEqual([...seen].sort(), ["one:x", "two:x"]);
  assert.equal(await house.ask("sentiment", "x"), "two:x");
});

test("a failing update is rolled back: InService with a reason, the old model answers, a later update heals it", async () => {
  await using house = await startServingHouse();
  await house.createEndpoint("sentiment", "one");
  await house.inService("sentiment");
  const endpoint = await house.update("sentiment", "unloadable");
  assert.equal(endpoint.EndpointStatus, "InService");
  assert.equal(endpoint.EndpointConfigName, "sentiment-one");
  assert.match(endpoint.FailureReason ?? "", /the answer is unloadable/);
  assert.equal(await house.ask("sentiment", "x"), "one:x");
  const healed = await house.update("sentiment", "two");
  assert.equal(healed.FailureReason, undefined);
  assert.equal(await house.ask("sentiment", "x"), "two:x");
});

test("weights change without loading anything, and RetainAllVariantProperties keeps them", async () => {
  await using house = await startServingHouse();
  await house.createModel("first", "one");
  await house.createModel("second", "two");
  await house.createConfig("both", { a: "first", b: "second" });
  await house.sagemaker.send(new CreateEndpointCommand({ EndpointName: "sentiment", EndpointConfigName: "both" }));
  await house.inService("sentiment");
  await house.sagemaker.send(
    new UpdateEndpointWeightsAndCapacitiesCommand({
      EndpointName: "sentiment",
      DesiredWeightsAndCapacities: [
        { VariantName: "a", DesiredWeight: 0 },
        { VariantName: "b", DesiredWeight: 3 },
      ],
    }),
  );
  await house.settled("sentiment");
  for (let index = 0; index < 10; index++) assert.equal(await house.ask("sentiment", "x"), "two:x");
  await house.sagemaker.send(
    new UpdateEndpointCommand({
      EndpointName: "sentiment",
      EndpointConfigName: "both",
      RetainAllVariantProperties: true,
    }),
  );
  const endpoint = await house.settled("sentiment");
  assert.deepEqual(
    endpoint.ProductionVariants?.map(({ CurrentWeight }) => CurrentWeight),
    [0, 3],
  );
  const unknown = new UpdateEndpointWeightsAndCapacitiesCommand({
    EndpointName: "sentiment",
    DesiredWeightsAndCapacities: [{ VariantName: "none", DesiredWeight: 1 }],
  });
  await assert.rejects(house.sagemaker.send(unknown), isValidation(/has no variant none/));
});

test("after a restart every endpoint answers as before, though model, configuration and object are gone", async () => {
  await using house = await startServingHouse();
  await house.createEndpoint("sentiment", "one");
  await house.inService("sentiment");
  await house.sagemaker.send(new DeleteModelCommand({ ModelName: "sentiment-one" }));
  await house.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: "sentiment-one" }));
  await house.store.objects.delete({ accountId: house.accountId, bucket: "models" }, "one.tar.gz");
  await house.restart();
  assert.equal(await house.ask("sentiment", "x"), "one:x");
});

test("an endpoint is not seen from another region", async () => {
  await using house = await startServingHouse();
  await house.createEndpoint("sentiment", "one");
  await house.inService("sentiment");
  const elsewhere = house.runtimeIn("ap-south-1");
  await assert.rejects(
    elsewhere.send(new InvokeEndpointCommand({ EndpointName: "sentiment", Body: Buffer.from("x") })),
    { name: "ValidationError" },
  );
});

test("another process that uses the database follows updates and deletions", async () => {
  await using house = await startServingHouse();
  await using follower = await house.startFollower();
  const until = async (outcome: string) => {
    const ask = () => follower.ask("sentiment", "x").catch((error: unknown) => String(error));
    for (const deadline = performance.now() + 10_000; performance.now() < deadline; await delay(10)) {
      if ((await ask()).includes(outcome)) return;
    }
    assert.fail(`the follower never says ${outcome}, but ${await ask()}`);
  };
  await house.createEndpoint("sentiment", "one");
  await house.inService("sentiment");
  await until("one:x");
  await house.update("sentiment", "two");
  await until("two:x");
  await house.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "sentiment" }));
  await until("not found");
});
