import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "./definition.ts";
import { followPath, parsePropertyPath } from "./property-path.ts";

const job = {
  ModelArtifacts: { S3ModelArtifacts: "s3://b/model.tar.gz" },
  ProcessingOutputConfig: {
    Outputs: [
      { OutputName: "train", S3Output: { S3Uri: "s3://b/train" } },
      { OutputName: "test", S3Output: { S3Uri: "s3://b/test" } },
    ],
  },
  HyperParameters: { "a b": "1", epochs: "2" },
  Flags: [false, null],
};

function get(path: string): Json | undefined {
  const segments = parsePropertyPath(path);
  assert.ok(segments !== undefined, path);
  return followPath(job, segments);
}

test("follows members, indexes, maps and lists that are addressed by name", () => {
  assert.equal(get("ModelArtifacts.S3ModelArtifacts"), "s3://b/model.tar.gz");
  assert.equal(get("$.ModelArtifacts.S3ModelArtifacts"), "s3://b/model.tar.gz");
  assert.equal(get("ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri"), "s3://b/test");
  assert.equal(get("ProcessingOutputConfig.Outputs[0].S3Output.S3Uri"), "s3://b/train");
  assert.equal(get("HyperParameters['a b']"), "1");
  assert.equal(get('HyperParameters["epochs"]'), "2");
  assert.equal(get("$['HyperParameters'].epochs"), "2");
  assert.equal(get("Flags[0]"), false);
  assert.equal(get("Flags[1]"), null);
});

test("leads nowhere where there is nothing, and not into prototypes", () => {
  for (const path of ["Nothing", "ModelArtifacts.S3ModelArtifacts.length", "Flags[2]", "constructor", "Flags['x']"]) {
    assert.equal(get(path), undefined, path);
  }
});

test("refuses what is no path", () => {
  for (const path of [
    "",
    "$",
    "a..b",
    "a.",
    "a[b]",
    "a[-1]",
    "a[*]",
    "$..a",
    "a[?(@.b)]",
    "a b",
    "a['b",
    "x".repeat(2000),
  ]) {
    assert.equal(parsePropertyPath(path), undefined, path);
  }
});
