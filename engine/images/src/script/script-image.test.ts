import assert from "node:assert/strict";
import { test } from "node:test";
import { scriptProcessingCommand, scriptTrainingCommand } from "./script-command.ts";
import { findScriptImage, type ScriptImage } from "./script-image.ts";

const ECR = "683313688378.dkr.ecr.us-east-1.amazonaws.com";

function find(uri: string): ScriptImage {
  const image = findScriptImage(uri);
  assert.ok(image !== undefined, uri);
  return image;
}

test("recognised by repository and tag, whatever the registry", () => {
  const expected: Record<string, string> = {
    [`${ECR}/sagemaker-scikit-learn:1.2-1-cpu-py3`]: "python: scikit-learn 1.2.1",
    [`${ECR}/sagemaker-scikit-learn:0.23-1-cpu-py3`]: "python: scikit-learn 0.23.2",
    "localhost:5000/sagemaker-scikit-learn:0.20.0-cpu-py3": "python: scikit-learn 0.20.0",
    [`${ECR}/sagemaker-xgboost:1.7-1`]: "python: XGBoost 1.7",
    [`${ECR}/sagemaker-xgboost:0.90-2-cpu-py3`]: "python: XGBoost 0.90",
    [`${ECR}/pytorch-training:2.0.1-gpu-py310-cu118-ubuntu20.04-sagemaker`]: "python: PyTorch 2.0.1",
    [`${ECR}/tensorflow-training:2.13-cpu-py310`]: "python: TensorFlow 2.13",
    [`${ECR}/huggingface-pytorch-training:2.0.0-transformers4.28.1-gpu-py310-cu118-ubuntu20.04`]:
      "python: Hugging Face on PyTorch 2.0.0",
    "python:3.12-slim": "python: Python 3.12",
    python: "python: Python",
    "public.ecr.aws/docker/library/node:24": "node: Node.js 24",
    "docker.io/library/node:22.3.0-alpine": "node: Node.js 22.3.0",
    "node:lts": "node: Node.js",
  };
  const found = Object.keys(expected).map((uri) => [uri, `${find(uri).language}: ${find(uri).description}`]);
  assert.deepEqual(Object.fromEntries(found), expected);
});

test("anything else is no script image", () => {
  for (const uri of [
    "",
    "sagemaker-scikit-learn",
    "sagemaker-scikit-learn:latest",
    "python:3@sha256:00",
    "node@sha256:00",
  ]) {
    assert.equal(findScriptImage(uri), undefined, uri);
  }
  for (const uri of ["my-python:3.12", "node/mine:1", "constructor:1", "node:../24", "python:2.7", "blazingtext:1"]) {
    assert.equal(findScriptImage(uri), undefined, uri);
  }
});

test("the tag tells the language's version and the packages", () => {
  const image = find("huggingface-pytorch-training:2.0.0-transformers4.28.1-gpu-py310-cu118-ubuntu20.04");
  assert.equal(image.languageVersion, "3.10");
  assert.deepEqual(image.packages.slice(0, 2), [
    { name: "torch", version: "2.0.0" },
    { name: "transformers", version: "4.28.1" },
  ]);
  assert.equal(find("sagemaker-scikit-learn:1.2-1-cpu-py3").languageVersion, undefined);
  assert.equal(find("sagemaker-xgboost:1.7-1").languageVersion, undefined);
  assert.equal(find("python:3.12-slim").languageVersion, "3.12");
});

test("commands run this Node on the container's program, the arguments as they are given", () => {
  const image = find("node:24");
  assert.match(scriptTrainingCommand(image).join(" "), /^\S+ \S+script-container\.ts node:24 train$/);
  const given = ["python3", "/opt/ml/processing/input/code/x.py", "--a", "b c", ""];
  const [node, container, name, program, ...rest] = scriptProcessingCommand(image, given);
  assert.deepEqual([node, name, program], [process.execPath, "node:24", "process"]);
  assert.match(container ?? "", /script-container\.ts$/);
  assert.deepEqual(rest, given);
});
