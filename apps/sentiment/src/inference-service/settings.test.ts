import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "./settings.ts";

test("nothing set means the local service", () => {
  assert.deepEqual(readSettings({}), {
    endpointName: "sentiment",
    host: "127.0.0.1",
    port: 8000,
    region: undefined,
    bucket: undefined,
  });
});

test("the variables that the service always had are read", () => {
  const settings = readSettings({ SAGEMAKER_ENDPOINT_NAME: "e", AWS_REGION: "eu-west-1", S3_BUCKET: "b", PORT: "0" });
  assert.deepEqual(settings, { endpointName: "e", host: "127.0.0.1", port: 0, region: "eu-west-1", bucket: "b" });
});

test("a port that is none is refused by name", () => {
  assert.throws(() => readSettings({ PORT: "80a" }), /PORT is "80a"/);
});
