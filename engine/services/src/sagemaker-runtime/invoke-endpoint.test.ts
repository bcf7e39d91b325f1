import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateEndpointCommand } from "@aws-sdk/client-sagemaker";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
} from "@aws-sdk/client-sagemaker-runtime";
import { type ServingHouse, startServingHouse } from "../sagemaker/testing/serving-house.ts";

function invoke(house: ServingHouse, input: Partial<InvokeEndpointCommandInput>) {
  return house.runtime.send(
    new InvokeEndpointCommand({ EndpointName: "sentiment", ContentType: "text/plain", Body: "x", ...input }),
  );
}

/** Both ways of InvokeEndpoint say the same. */
for (const path of ["direct", "schemas"] as const) {
  test(`InvokeEndpoint (${path}): variants, headers, bodies, errors`, async (context) => {
    await using house = await startServingHouse({ path });
    await house.createModel("first", "one");
    await house.createModel("second", "two");
    await house.createConfig("both", { a: "first", b: "second" });
    await house.sagemaker.send(new CreateEndpointCommand({ EndpointName: "sentiment", EndpointConfigName: "both" }));
    await house.inService("sentiment");

    await context.test("a variant is chosen and named", async () => {
      for (const [TargetVariant, answer] of [
        ["a", "one:x"],
        ["b", "two:x"],
      ] as const) {
        const response = await invoke(house, { TargetVariant });
        assert.equal(response.InvokedProductionVariant, TargetVariant);
        assert.equal(Buffer.from(response.Body).toString(), answer);
        assert.equal(response.ContentType, "text/plain");
      }
      await assert.rejects(invoke(house, { TargetVariant: "none" }), { name: "ValidationError" });
    });

    await context.test("both variants get traffic", async () => {
      const seen = new Set<string | undefined>();
      for (let index = 0; index < 40; index++) seen.add((await invoke(house, {})).InvokedProductionVariant);
      assert.deepEqual([...seen].sort(), ["a", "b"]);
    });

    await context.test("custom attributes come back, an inference id is taken", async () => {
      const response = await invoke(house, { CustomAttributes: "trace=1;a b", InferenceId: "inference-1" });
      assert.equal(response.CustomAttributes, "trace=1;a b");
      assert.equal((await invoke(house, {})).CustomAttributes, undefined);
    });

    await context.test("a model's refusal is ModelError 424", async () => {
      await assert.rejects(invoke(house, { Body: "fail 415", TargetVariant: "a" }), (error) => {
        assert.ok(error instanceof ModelError);
        assert.equal(error.$metadata.httpStatusCode, 424);
        assert.equal(error.OriginalStatusCode, 415);
        assert.equal(error.OriginalMessage, 'cannot read "fail 415"');
        assert.match(error.LogStreamArn ?? "", /^arn:aws:logs:.*log-group:\/aws\/sagemaker\/Endpoints\/sentiment$/);
        assert.match(error.message, /^Received client error \(415\) from primary with message/);
        return true;
      });
      await assert.rejects(invoke(house, { Body: "throw" }), { name: "ModelError", OriginalStatusCode: 500 });
    });

    await context.test("an unknown endpoint is a ValidationError in AWS's words", async () => {
      await assert.rejects(invoke(house, { EndpointName: "none" }), {
        name: "ValidationError",
        message: "Endpoint none of account 111122223333 not found.",
      });
    });

    await context.test("what would be ignored is refused", async () => {
      await assert.rejects(invoke(house, { TargetModel: "other.tar.gz" }), {
        name: "ValidationError",
        message: /^TargetModel/,
      });
    });

    await context.test("a body of exactly 6 MiB is taken, one byte more is refused", async () => {
      const largest = Buffer.alloc(6_291_456, "x");
      assert.equal(
        (await invoke(house, { Body: largest, TargetVariant: "a" })).Body.length,
        largest.length + "one:".length,
      );
      await assert.rejects(invoke(house, { Body: Buffer.alloc(6_291_457) }), (error: Error) => {
        const { httpStatusCode = 0 } = (error as unknown as { $metadata: { httpStatusCode?: number } }).$metadata;
        return httpStatusCode >= 400 && httpStatusCode < 500;
      });
    });

    await context.test("metrics are CloudWatch's", async () => {
      await house.serving.flush();
      const series = await house.metricSums("sentiment", "a");
      assert.ok((series.get("Invocations") ?? 0) > 10);
      assert.ok((series.get("Invocation4XXErrors") ?? 0) >= 1);
      assert.ok((series.get("ModelLatency") ?? 0) > 0);
    });
  });
}

test("InvokeEndpointWithResponseStream streams the answer", async () => {
  await using house = await startServingHouse();
  await house.createEndpoint("sentiment", "one");
  await house.inService("sentiment");
  const response = await house.runtime.send(
    new InvokeEndpointWithResponseStreamCommand({ EndpointName: "sentiment", ContentType: "text/plain", Body: "x" }),
  );
  const parts: Uint8Array[] = [];
  for await (const event of response.Body ?? []) parts.push(event.PayloadPart?.Bytes ?? new Uint8Array());
  assert.equal(Buffer.concat(parts).toString(), "one:x");
  assert.equal(response.InvokedProductionVariant, "AllTraffic");
  await assert.rejects(
    house.runtime.send(
      new InvokeEndpointWithResponseStreamCommand({
        EndpointName: "sentiment",
        ContentType: "text/plain",
        Body: "fail 400",
      }),
    ),
    { name: "ModelError", OriginalStatusCode: 400 },
  );
});

test("InvokeEndpointAsync says that it is not there", async () => {
  await using house = await startServingHouse();
  await assert.rejects(
    house.runtime.send(new InvokeEndpointAsyncCommand({ EndpointName: "sentiment", InputLocation: "s3://bucket/key" })),
    /InvokeEndpointAsync/,
  );
});

test("model errors are logged without what was asked", async () => {
  await using house = await startServingHouse();
  await house.createEndpoint("sentiment", "one");
  await house.inService("sentiment");
  await assert.rejects(invoke(house, { Body: "fail 400" }), { name: "ModelError" });
  await house.serving.flush();
  const messages = await house.logMessages("sentiment");
  assert.ok(messages.some((message) => message.startsWith("Model loaded")));
  assert.ok(messages.includes("POST /invocations 400: 8 bytes of text/plain"));
  assert.ok(messages.every((message) => !message.includes("cannot read")));
});
