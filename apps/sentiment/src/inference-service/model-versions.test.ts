import assert from "node:assert/strict";
import { test } from "node:test";
import { Endpoint, Session } from "@rondo/sdk";
import { createModelVersions } from "./model-versions.ts";

/** An endpoint whose descriptions are given, and a clock that is moved by hand. */
function describedEndpoint(models: Readonly<Record<string, string>>) {
  const world = { now: 0, status: "InService", models, described: 0 };
  const session = new Session({
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    clock: { now: () => new Date(world.now) },
  });
  // Answers instead of the network.
  session.sagemaker.middlewareStack.add(
    (_next, context) => async () => {
      if (context.commandName === "DescribeEndpointCommand") {
        world.described += 1;
        return { response: {}, output: { $metadata: {}, EndpointConfigName: "c", EndpointStatus: world.status } };
      }
      const ProductionVariants = Object.entries(world.models).map(([VariantName, ModelName]) => ({
        VariantName,
        ModelName,
      }));
      return { response: {}, output: { $metadata: {}, ProductionVariants } };
    },
    { step: "initialize", priority: "high" },
  );
  return { world, versions: createModelVersions(new Endpoint("sentiment", session)) };
}

test("each variant's version is its model, asked once in five seconds", async () => {
  const { world, versions } = describedEndpoint({ AllTraffic: "sentiment-1", Canary: "sentiment-2" });
  const answers = await Promise.all(["AllTraffic", "Canary", undefined].map((variant) => versions.versionOf(variant)));
  assert.deepEqual(answers, ["sentiment-1", "sentiment-2", "sentiment-1"]);
  assert.equal(world.described, 1);

  world.models = { AllTraffic: "sentiment-3" };
  world.now = 4_999;
  assert.equal(await versions.versionOf("AllTraffic"), "sentiment-1");
  world.now = 5_000;
  assert.equal(await versions.versionOf("AllTraffic"), "sentiment-3");
  assert.equal(world.described, 2);
});

test("a variant named after its model has the right version while an update moves traffic, and after", async () => {
  const { world, versions } = describedEndpoint({ "sentiment-1": "sentiment-1" });
  assert.equal(await versions.versionOf("sentiment-1"), "sentiment-1");
  // Traffic has moved; the description still names the old variants.
  assert.equal(await versions.versionOf("sentiment-2"), "sentiment-2");
  world.models = { "sentiment-2": "sentiment-2" };
  assert.equal(await versions.versionOf("sentiment-1"), "sentiment-1");
  assert.equal(await versions.versionOf("sentiment-2"), "sentiment-2");
  assert.equal(world.described, 1);
});

test("a variant that is not known makes it ask again, once a second at most", async () => {
  const { world, versions } = describedEndpoint({ AllTraffic: "sentiment-1" });
  await versions.versionOf("AllTraffic");
  world.models = { Blue: "sentiment-2" };
  world.now = 1_000;
  assert.equal(await versions.versionOf("Blue"), "sentiment-2");
  assert.equal(world.described, 2);
  world.now = 1_999;
  await versions.versionOf("Green");
  assert.equal(world.described, 2);
});

test("an endpoint that cannot answer yet has no version, and is asked again", async () => {
  const { world, versions } = describedEndpoint({ AllTraffic: "sentiment-1" });
  world.status = "Creating";
  await assert.rejects(versions.versionOf(undefined), /it is Creating/);
  world.status = "InService";
  assert.equal(await versions.versionOf(undefined), "sentiment-1");
});
