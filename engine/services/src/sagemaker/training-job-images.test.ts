import assert from "node:assert/strict";
import { test } from "node:test";
import { createTrainingImages } from "./script-images.ts";
import { bringsProgram } from "./training-job-code.ts";

const images = createTrainingImages({ environments: "/nowhere", environment: {} });
const XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1";

test("sagemaker-xgboost is the algorithm, and the framework when the job brings a program", () => {
  const algorithm = images.find(XGBOOST, { bringsProgram: bringsProgram({ HyperParameters: { num_round: "10" } }) });
  assert.equal(algorithm?.script, undefined);
  assert.ok(algorithm?.metrics.some(({ name }) => name === "validation:rmse"));
  const programs: readonly Parameters<typeof bringsProgram>[0][] = [
    { HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: '"s3://bucket/code.tar.gz"' } },
    { AlgorithmSpecification: { TrainingInputMode: "File", ContainerEntrypoint: ["python3", "train.py"] } },
  ];
  for (const request of programs) {
    const framework = images.find(XGBOOST, { bringsProgram: bringsProgram(request) });
    assert.ok(framework?.script !== undefined);
    assert.deepEqual(framework.metrics, []);
  }
});

test("other images are what they are", () => {
  for (const brings of [true, false]) {
    assert.equal(images.find("any/blazingtext:1", { bringsProgram: brings })?.script, undefined);
    assert.ok(images.find("any/python:3", { bringsProgram: brings })?.script !== undefined);
    assert.equal(images.find("any/no-such-image:1", { bringsProgram: brings }), undefined);
  }
  assert.equal(new Set(images.known).size, images.known.length);
});
