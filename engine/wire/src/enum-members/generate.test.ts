import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { enumMembers } from "./enum-members.ts";
import { generateEnumMembers } from "./generate.ts";

const folder = new URL("generated/", import.meta.url);

test("the generated files are up to date: `node engine/wire/src/enum-members/generate.ts`", () => {
  const files = generateEnumMembers();
  assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort());
  for (const [name, content] of files) assert.equal(readFileSync(new URL(name, folder), "utf8"), content, name);
});

test("members, list elements and map keys are found", () => {
  const members = enumMembers("sagemaker");
  assert.equal(members["AlgorithmSpecification.TrainingInputMode"], "TrainingInputMode");
  assert.equal(members["ResourceConfig.InstanceType"], "TrainingInstanceType");
  assert.equal(enumMembers("s3")["CopyObjectRequest.MetadataDirective"], "MetadataDirective");
  assert.ok(Object.keys(members).some((key) => key.endsWith("[]")));
});
