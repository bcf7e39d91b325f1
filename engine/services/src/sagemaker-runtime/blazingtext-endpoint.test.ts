import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { CreateEndpointCommand } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { findImage } from "@rondo/images";
import { temporaryDirectory } from "@rondo/serve/testing";
import { packArchive, systemClock } from "@rondo/store";
import { startServingHouse } from "../sagemaker/testing/serving-house.ts";

const IMAGE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1";

/** A model.tar.gz as a training job leaves it. */
async function trainedModel(): Promise<Buffer> {
  await using directory = await temporaryDirectory();
  const train = path.join(directory.path, "input", "data", "train");
  await mkdir(train, { recursive: true });
  await mkdir(path.join(directory.path, "model"));
  const lines = ["__label__good a great and lovely camera", "__label__bad an awful and broken camera"];
  await writeFile(path.join(train, "text"), lines.join("\n").concat("\n").repeat(50));
  await findImage(IMAGE)?.train({
    directory: directory.path,
    hyperparameters: { mode: "supervised", epochs: "20", vector_dim: "8", min_count: "1", buckets: "1000" },
    signal: new AbortController().signal,
    clock: systemClock,
    log: () => undefined,
    threads: 1,
  });
  return await buffer(packArchive(path.join(directory.path, "model")));
}

test("a blazingtext endpoint labels sentences, and says what is wrong with a request", async () => {
  await using house = await startServingHouse({ findImage });
  const bucket = { accountId: house.accountId, bucket: "models" };
  await house.store.objects.put(bucket, "text.tar.gz", await trainedModel());
  await house.createModel("text", "text", IMAGE);
  await house.createConfig("text", { AllTraffic: "text" });
  await house.sagemaker.send(new CreateEndpointCommand({ EndpointName: "text", EndpointConfigName: "text" }));
  await house.inService("text");

  const ask = (body: string, contentType: string) =>
    house.runtime.send(new InvokeEndpointCommand({ EndpointName: "text", ContentType: contentType, Body: body }));
  const answer = await ask('{"instances": ["a great camera", "a broken camera"]}', "application/json");
  const predictions = JSON.parse(Buffer.from(answer.Body).toString()) as { label: string[]; prob: number[] }[];
  assert.deepEqual(
    predictions.map(({ label }) => label),
    [["__label__good"], ["__label__bad"]],
  );
  assert.equal(answer.ContentType, "application/json");
  await assert.rejects(ask("great", "text/csv"), { name: "ModelError", OriginalStatusCode: 415 });
  await assert.rejects(ask("great", "application/json"), { name: "ModelError", OriginalStatusCode: 400 });
});
