import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { after, test } from "node:test";
import type { AlgorithmSpecification, CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { createControlLoop } from "@rondo/control";
import { findMountNamespace } from "@rondo/run/testing";
import { packArchive, unpackArchive } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { createTrainingImages } from "./script-images.ts";
import { caller } from "./testing/job-house.ts";
import { until } from "./testing/job-server.ts";
import { openTrainingHouse, trainingRequest } from "./testing/training-house.ts";

const mount = await findMountNamespace("/opt/ml");
const skip = "refusal" in mount ? mount.refusal : false;

/** The tests share what the image installs. */
const environments = await mkdtemp(join(tmpdir(), "rondo-environments-"));
after(async () => await rm(environments, { recursive: true, force: true, maxRetries: 3 }));

type Program = Pick<AlgorithmSpecification, "ContainerEntrypoint" | "ContainerArguments">;

/** Needs nothing but Python itself, and names its folders literally, as many scripts do. */
const SCRIPT = `
import argparse, glob, json, os
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
arguments = parser.parse_args()
rows = sum(len(open(path).readlines()) for path in glob.glob("/opt/ml/input/data/train/**/*.csv", recursive=True))
if rows > 3: raise ValueError(f"{rows} rows are too many")
for epoch in range(arguments.epochs): print(f"loss={1 / (epoch + 1)};")
json.dump({"rows": rows, "channels": os.environ["SM_CHANNELS"]}, open(os.path.join(arguments.model_dir, "model.json"), "w"))
open("/opt/ml/output/data/report.txt", "w").write("extra")
`;

test("a script trains, and its model, output and metrics are kept", { skip }, async () => {
  await using house = await openScriptHouse();
  const job = await house.train("script", {});
  assert.equal(job.TrainingJobStatus, "Completed", `${job.FailureReason}: ${(await house.readLog()).join("\n")}`);
  assert.deepEqual(await house.unpacked("out/script/output/model.tar.gz", "model.json"), {
    rows: 3,
    channels: '["train"]',
  });
  assert.ok((await house.readObject("out/script/output/output.tar.gz")).length > 0);
  assert.deepEqual(
    job.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value]),
    [["train:loss", 0.5]],
  );
  assert.deepEqual(await house.leftovers(), []);
});

test("an entry point takes the place of the image's train", { skip }, async () => {
  await using house = await openScriptHouse();
  const program = `import os, sys; open("/opt/ml/model/model.json", "w").write('["' + sys.argv[1] + '"]')`;
  const job = await house.train(
    "entry",
    {},
    { ContainerEntrypoint: ["python3", "-c"], ContainerArguments: [program, "it"] },
  );
  assert.equal(job.TrainingJobStatus, "Completed", `${job.FailureReason}: ${(await house.readLog()).join("\n")}`);
  assert.deepEqual(await house.unpacked("out/entry/output/model.tar.gz", "model.json"), ["it"]);
});

test("a script that fails says why, and code that cannot be had is the user's to put right", { skip }, async () => {
  await using house = await openScriptHouse();
  await house.objects.put({ ...caller, bucket: "data" }, "train/3.csv", Buffer.from("three\n"));
  await house.objects.put({ ...caller, bucket: "data" }, "code/damaged.tar.gz", Buffer.from("no archive"));
  const cases: readonly (readonly [string, string | undefined, RegExp])[] = [
    ["raises", undefined, /^AlgorithmError: ExecuteUserScriptError:.*ValueError: 4 rows are too many.*exit code: 1$/s],
    ["missing", "s3://data/code/none.tar.gz", /^ClientError: The source code s3:.*none\.tar\.gz.*NoSuchKey/],
    ["damaged", "s3://data/code/damaged.tar.gz", /^ClientError: The source code .*InvalidArchive/],
    ["local", "file:///my/sourcedir.tar.gz", /^ClientError: .*file:.*it must be an archive s3:/],
  ];
  for (const [name, directory, reason] of cases) {
    const job = await house.train(name, directory === undefined ? {} : { sagemaker_submit_directory: directory });
    assert.equal(job.TrainingJobStatus, "Failed");
    assert.match(job.FailureReason ?? "", reason);
  }
});

async function openScriptHouse() {
  const sql = await openTestSql();
  const temporary = await mkdtemp(join(tmpdir(), "rondo-script-"));
  const images = createTrainingImages({ environments, environment: process.env });
  const house = await openTrainingHouse(sql, { now: () => new Date() }, images);
  await writeFile(join(temporary, "train.py"), SCRIPT);
  const archive = await buffer(packArchive(temporary));
  await house.objects.put({ ...caller, bucket: "data" }, "code/sourcedir.tar.gz", archive);
  const loop = createControlLoop({ resources: house.resources, kinds: [house.createKind()] });
  await loop.start();
  return {
    ...house,
    async train(name: string, hyperparameters: Readonly<Record<string, string>>, container: Program = {}) {
      await house.operations.createTrainingJob(scriptRequest(name, hyperparameters, container), caller);
      const describe = () => house.operations.describeTrainingJob({ TrainingJobName: name }, caller);
      await until(async () => (await describe()).TrainingJobStatus !== "InProgress");
      return await describe();
    },
    async unpacked(key: string, file: string): Promise<unknown> {
      const folder = join(temporary, "unpacked");
      const limits = { maxBytes: 1_000_000, maxEntries: 10 };
      await unpackArchive(Readable.from([await house.readObject(key)]), folder, limits);
      return JSON.parse(await readFile(join(folder, file), "utf8")) as unknown;
    },
    async [Symbol.asyncDispose]() {
      await loop.stop();
      await house[Symbol.asyncDispose]();
      await sql.close();
      await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** As the Python SDK's framework estimators write it: every hyperparameter is JSON. */
function scriptRequest(
  name: string,
  changes: Readonly<Record<string, string>>,
  { ContainerEntrypoint, ContainerArguments }: Program,
): CreateTrainingJobRequest {
  const hyperparameters = {
    sagemaker_program: "train.py",
    sagemaker_submit_directory: "s3://data/code/sourcedir.tar.gz",
    epochs: 2,
    ...changes,
  };
  return {
    ...trainingRequest(name, ""),
    AlgorithmSpecification: {
      TrainingImage: "public.ecr.aws/docker/library/python:3",
      TrainingInputMode: "File",
      ContainerEntrypoint,
      ContainerArguments,
      MetricDefinitions: [{ Name: "train:loss", Regex: "loss=([0-9.]+);" }],
    },
    HyperParameters: Object.fromEntries(
      Object.entries(hyperparameters).map(([key, value]) => [key, JSON.stringify(value)]),
    ),
  };
}
