import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DeleteTagsCommand,
  DeleteTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  ListTagsCommand,
  ListTrainingJobsCommand,
  type ListTrainingJobsRequest,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { createControlLoop } from "@rondo/control";
import { createManualClock } from "@rondo/control/testing";
import { createProcessExecutor } from "@rondo/run";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "./testing/job-house.ts";
import { startJobServer, until } from "./testing/job-server.ts";
import { openTrainingHouse, trainingRequest } from "./testing/training-house.ts";
import { builtInTrainingImages, type TrainingImages } from "./training-job-images.ts";

const DEADLINE_MS = 20_000;

test("a job goes through AWS's states, and Describe shows all of it", async () => {
  await using server = await startServer();
  const request = trainingRequest("First-Job", "train");
  const { TrainingJobArn: arn } = await server.client.send(new CreateTrainingJobCommand(request));
  assert.equal(arn, "arn:aws:sagemaker:eu-west-1:111122223333:training-job/first-job");
  const job = await server.ended("First-Job");
  assert.equal(job.TrainingJobStatus, "Completed");
  assert.deepEqual(
    job.SecondaryStatusTransitions?.map(({ Status, StatusMessage }) => `${Status}: ${StatusMessage}`),
    [
      "Starting: Preparing the instances for training",
      "Downloading: Downloading input data",
      "Training: Training image download completed. Training in progress.",
      "Uploading: Uploading generated training model",
      "Completed: Training job completed",
    ],
  );
  assert.ok(
    job.SecondaryStatusTransitions?.every(
      ({ StartTime, EndTime }) => EndTime !== undefined && StartTime !== undefined && EndTime >= StartTime,
    ),
  );
  assert.equal(job.ModelArtifacts?.S3ModelArtifacts, "s3://data/out/First-Job/output/model.tar.gz");
  assert.equal(job.TrainingTimeInSeconds, job.BillableTimeInSeconds);
  assert.ok(job.CreationTime && job.TrainingStartTime && job.TrainingEndTime && job.LastModifiedTime);
  assert.deepEqual(
    job.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value]),
    [["train:loss", 0.25]],
  );
  assert.deepEqual(job.AlgorithmSpecification?.MetricDefinitions, [{ Name: "train:loss", Regex: "loss=([0-9.]+);" }]);
  for (const member of ["HyperParameters", "Environment", "ResourceConfig", "RoleArn"] as const) {
    assert.deepEqual(job[member], request[member], member);
  }
  assert.deepEqual(job.OutputDataConfig, { ...request.OutputDataConfig, KmsKeyId: "", CompressionType: "GZIP" });
  const events = await server.house.sql.query<{ message: string }>("select message from log_event order by id");
  assert.deepEqual(
    events.map(({ message }) => message),
    ["epoch=1#011loss=0.5;", "loss=0.25;"],
  );
  const output = await server.house.objects.head({ ...caller, bucket: "data" }, "out/First-Job/output/output.tar.gz");
  assert.ok(output.size > 0);
  assert.deepEqual(await server.house.leftovers(), []);
});

test("a failed job says why", async () => {
  await using server = await startServer();
  const cases: readonly (readonly [string, Partial<CreateTrainingJobRequest>, RegExp])[] = [
    ["fail", {}, /^AlgorithmError: the data are bad, exit code: 3$/],
    ["crash", {}, /^AlgorithmError: See the job's log for more information, exit code: 9$/],
    [
      "train",
      { AlgorithmSpecification: { TrainingImage: "x/unknown:1", TrainingInputMode: "File" } },
      /^ClientError: The training image x\/unknown:1 cannot be run here.*test-image:1/,
    ],
    [
      "train",
      { OutputDataConfig: { S3OutputPath: "s3://nowhere/" } },
      /^ClientError: .*the bucket nowhere does not exist/,
    ],
    [
      "train",
      { InputDataConfig: [channel("train", "s3://data/none")] },
      /^ClientError: Data download failed: no objects found under s3:\/\/data\/none/,
    ],
    [
      "train",
      { InputDataConfig: [channel("train", "s3://nowhere/x")] },
      /^ClientError: Data download failed: NoSuchBucket/,
    ],
  ];
  for (const [index, [mode, change, reason]] of cases.entries()) {
    const name = `failing-${index}`;
    await server.client.send(new CreateTrainingJobCommand({ ...trainingRequest(name, mode), ...change }));
    const job = await server.ended(name);
    assert.equal(job.TrainingJobStatus, "Failed");
    assert.match(job.FailureReason ?? "", reason);
    assert.equal(job.SecondaryStatusTransitions?.at(-1)?.Status, "Failed");
    assert.equal(job.ModelArtifacts, undefined);
  }
});

test("the built-in BlazingText trains on what its channel holds", async () => {
  await using server = await startServer(builtInTrainingImages);
  const line = (index: number): string =>
    index % 2 === 0 ? "__label__good i like it very much" : "__label__bad what a waste";
  const text = Array.from({ length: 400 }, (_, index) => line(index)).join("\n");
  for (const key of ["text/train", "text/validation"]) {
    await server.house.objects.put({ ...caller, bucket: "data" }, key, Buffer.from(text));
  }
  const TrainingImage = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1";
  await server.client.send(
    new CreateTrainingJobCommand({
      ...trainingRequest("text", ""),
      AlgorithmSpecification: { TrainingImage, TrainingInputMode: "File" },
      HyperParameters: { mode: "supervised", epochs: "5", vector_dim: "8", min_count: "1" },
      InputDataConfig: [channel("train", "s3://data/text/train"), channel("validation", "s3://data/text/validation")],
    }),
  );
  const job = await server.ended("text");
  assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
  const values = new Map(job.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value]));
  assert.ok((values.get("validation:accuracy") ?? 0) > 0.9, JSON.stringify([...values]));
  const unknown = { ...trainingRequest("wrong", ""), HyperParameters: { mode: "supervised", learning: "1" } };
  await server.client.send(
    new CreateTrainingJobCommand({ ...unknown, AlgorithmSpecification: { TrainingImage, TrainingInputMode: "File" } }),
  );
  assert.match((await server.ended("wrong")).FailureReason ?? "", /^ClientError: .*learning.*, exit code: 1$/s);
});

test("stopping a job saves the model so far", async () => {
  await using server = await startServer();
  const TrainingJobName = "stopped";
  await server.client.send(new CreateTrainingJobCommand(trainingRequest(TrainingJobName, "wait")));
  await server.until(
    async () =>
      (await server.house.countRuns()) === 1 && (await server.describe(TrainingJobName)).SecondaryStatus === "Training",
  );
  await assert.rejects(server.client.send(new DeleteTrainingJobCommand({ TrainingJobName })), {
    name: "ResourceInUse",
  });
  await server.client.send(new StopTrainingJobCommand({ TrainingJobName }));
  assert.match((await server.describe(TrainingJobName)).TrainingJobStatus ?? "", /^Stopp/);
  const job = await server.ended(TrainingJobName);
  assert.equal(job.TrainingJobStatus, "Stopped");
  assert.deepEqual(
    job.SecondaryStatusTransitions?.slice(-2).map(({ Status }) => Status),
    ["Stopping", "Stopped"],
  );
  assert.match(job.ModelArtifacts?.S3ModelArtifacts ?? "", /model\.tar\.gz$/);
  await assert.rejects(server.client.send(new StopTrainingJobCommand({ TrainingJobName })), {
    name: "ValidationException",
    message: "The request was rejected because the training job is in status Stopped.",
  });
  await server.client.send(new DeleteTrainingJobCommand({ TrainingJobName }));
  await assert.rejects(server.describe(TrainingJobName), {
    name: "ValidationException",
    message: "Requested resource not found.",
  });
});

test("a job that takes too long is asked to end, killed after 120 s, and keeps its model", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  await using house = await openTrainingHouse(sql, clock);
  const loop = createControlLoop({ resources: house.resources, kinds: [house.createKind()], clock });
  await loop.start();
  for (const [name, mode] of [
    ["too-long", "wait"],
    ["stubborn", "stubborn"],
  ] as const) {
    await house.operations.createTrainingJob(trainingRequest(name, mode), caller);
    const started = clock.now().getTime();
    const describe = () => house.operations.describeTrainingJob({ TrainingJobName: name }, caller);
    const deadline = performance.now() + DEADLINE_MS;
    while ((await describe()).TrainingJobStatus === "InProgress") {
      assert.ok(performance.now() < deadline, "the job goes on");
      // The program says that it is ready before its time is up.
      const [logged] = await sql.query(
        "select 1 from log_event join log_stream s on s.id = stream_id where s.name like $1",
        [`${name}/%`],
      );
      clock.advance(logged === undefined ? 100 : 60_000);
      await loop.idle();
      await delay(20);
    }
    const job = await describe();
    assert.equal(job.TrainingJobStatus, "Stopped");
    assert.equal(job.SecondaryStatus, "MaxRuntimeExceeded");
    assert.match(job.ModelArtifacts?.S3ModelArtifacts ?? "", /model\.tar\.gz$/);
    const seconds = (clock.now().getTime() - started) / 1000;
    assert.ok(seconds >= (mode === "wait" ? 3600 : 3720), `${name} ended after ${seconds} s`);
  }
  await loop.stop();
});

test("a job that prints without end can be stopped, and its log says what is left out", async () => {
  await using sql = await openTestSql();
  await using house = await openTrainingHouse(sql, { now: () => new Date() });
  const executor = createProcessExecutor({ directory: house.directories.executions, maxOutputBytes: 2_000_000 });
  const loop = createControlLoop({ resources: house.resources, kinds: [house.createKind({ executor })] });
  await using _stopping = { [Symbol.asyncDispose]: () => loop.stop() };
  await loop.start();
  await house.operations.createTrainingJob(trainingRequest("flood", "flood"), caller);
  const lastLines = async () => await sql.query("select message from log_event order by id desc limit 1");
  const describe = () => house.operations.describeTrainingJob({ TrainingJobName: "flood" }, caller);
  const deadline = performance.now() + DEADLINE_MS;
  while ((await lastLines()).length === 0) assert.ok(performance.now() < deadline, "nothing is logged");
  await house.operations.stopTrainingJob({ TrainingJobName: "flood" }, caller);
  while ((await describe()).TrainingJobStatus === "Stopping") assert.ok(performance.now() < deadline, "it goes on");
  assert.equal((await describe()).TrainingJobStatus, "Stopped");
  assert.match(JSON.stringify((await lastLines())[0]), /too much for its log; what follows is not kept/);
});

test("names are unique, and what is not supported is refused at once", async () => {
  await using server = await startServer();
  await server.client.send(new CreateTrainingJobCommand(trainingRequest("once", "train")));
  const again = server.client.send(new CreateTrainingJobCommand(trainingRequest("once", "train")));
  await assert.rejects(again, { name: "ResourceInUse", message: /must be unique within an AWS account and region/ });
  const input = channel("train", "s3://data/train");
  const source = { S3DataType: "AugmentedManifestFile", S3Uri: "s3://data/x" } as const;
  const algorithm = trainingRequest("x", "train").AlgorithmSpecification ?? { TrainingInputMode: "File" };
  const refused: readonly (readonly [Partial<CreateTrainingJobRequest>, RegExp])[] = [
    [{ InputDataConfig: [input, input] }, /unique/],
    [{ InputDataConfig: [{ ...input, InputMode: "Pipe" }] }, /Pipe.*File/],
    [{ InputDataConfig: [{ ...input, CompressionType: "Gzip" }] }, /Gzip/],
    [{ InputDataConfig: [{ ...input, DataSource: { S3DataSource: source } }] }, /AugmentedManifestFile/],
    [{ InputDataConfig: [{ ChannelName: "train", DataSource: {} }] }, /S3DataSource/],
    [{ AlgorithmSpecification: { ...algorithm, TrainingInputMode: "Pipe" } }, /Pipe/],
    [{ AlgorithmSpecification: { AlgorithmName: "mine", TrainingInputMode: "File" } }, /AlgorithmName/],
    [{ AlgorithmSpecification: { ...algorithm, MetricDefinitions: [{ Name: "m", Regex: "(" }] } }, /metric m/],
    [{ OutputDataConfig: { S3OutputPath: "https://x/y" } }, /s3:\/\//],
    [{ ResourceConfig: undefined }, /ResourceConfig/],
    [{ RoleArn: "arn:aws:iam::1:role/x-y-z-and-more" }, /roleArn|RoleArn/],
    [{ TrainingJobName: "-bad" }, /trainingJobName|TrainingJobName/],
    [{ Tags: [{ Key: "aws:x", Value: "" }] }, /reserved/],
  ];
  for (const [change, message] of refused) {
    const sent = server.client.send(
      new CreateTrainingJobCommand({ ...trainingRequest("refused", "train"), ...change }),
    );
    await assert.rejects(sent, { name: "ValidationException", message });
  }
  const { TrainingJobSummaries: jobs } = await server.client.send(new ListTrainingJobsCommand({}));
  assert.deepEqual(
    jobs?.map(({ TrainingJobName }) => TrainingJobName),
    ["once"],
  );
});

test("built-in images take Pipe mode, for the job or a channel", async () => {
  await using server = await startServer();
  const TrainingImage = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1";
  for (const [name, TrainingInputMode, InputMode] of [
    ["job", "Pipe", undefined],
    ["channel", "File", "Pipe"],
  ] as const) {
    const InputDataConfig = [{ ...channel("train", "s3://data/train"), InputMode }];
    const AlgorithmSpecification = { TrainingImage, TrainingInputMode };
    const request = { ...trainingRequest(name, "train"), AlgorithmSpecification, InputDataConfig };
    await server.client.send(new CreateTrainingJobCommand(request));
  }
});

test("jobs are listed by name, status, time, in pages", async () => {
  await using server = await startServer();
  for (const name of ["b-1", "a-2", "c-3"]) {
    await server.client.send(new CreateTrainingJobCommand(trainingRequest(name, name === "c-3" ? "crash" : "train")));
    await server.ended(name);
  }
  const list = async (input: ListTrainingJobsRequest) => {
    const { TrainingJobSummaries = [], NextToken } = await server.client.send(new ListTrainingJobsCommand(input));
    return { names: TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName), NextToken };
  };
  assert.deepEqual((await list({})).names, ["b-1", "a-2", "c-3"]);
  assert.deepEqual((await list({ SortOrder: "Descending" })).names, ["c-3", "a-2", "b-1"]);
  assert.deepEqual((await list({ SortBy: "Name" })).names, ["a-2", "b-1", "c-3"]);
  assert.deepEqual((await list({ StatusEquals: "Failed" })).names, ["c-3"]);
  assert.deepEqual((await list({ NameContains: "-2" })).names, ["a-2"]);
  assert.deepEqual((await list({ CreationTimeAfter: new Date(Date.now() + 60_000) })).names, []);
  const first = await list({ MaxResults: 2 });
  assert.deepEqual(first.names, ["b-1", "a-2"]);
  assert.deepEqual(await list({ MaxResults: 2, NextToken: first.NextToken }), { names: ["c-3"], NextToken: undefined });
});

test("tags of a job", async () => {
  await using server = await startServer();
  const Tags = [{ Key: "team", Value: "a" }];
  const { TrainingJobArn: ResourceArn = "" } = await server.client.send(
    new CreateTrainingJobCommand({ ...trainingRequest("tagged", "train"), Tags }),
  );
  const tagsOf = async () => (await server.client.send(new ListTagsCommand({ ResourceArn }))).Tags;
  assert.deepEqual(await tagsOf(), Tags);
  await server.client.send(
    new AddTagsCommand({
      ResourceArn,
      Tags: [
        { Key: "a", Value: "" },
        { Key: "team", Value: "b" },
      ],
    }),
  );
  assert.deepEqual(await tagsOf(), [
    { Key: "a", Value: "" },
    { Key: "team", Value: "b" },
  ]);
  await server.client.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ["a", "none"] }));
  assert.deepEqual(await tagsOf(), [{ Key: "team", Value: "b" }]);
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
  await assert.rejects(server.client.send(new AddTagsCommand({ ResourceArn, Tags: many })), {
    name: "ResourceLimitExceeded",
  });
  assert.deepEqual(await tagsOf(), [{ Key: "team", Value: "b" }]);
  const missing = ResourceArn.replace("tagged", "missing");
  await assert.rejects(server.client.send(new ListTagsCommand({ ResourceArn: missing })), {
    message: /Could not find/,
  });
});

function channel(name: string, S3Uri: string) {
  return { ChannelName: name, DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri } } } as const;
}

/** SageMaker on a free port, with the control loop and the test image. */
async function startServer(images?: TrainingImages) {
  const sql = await openTestSql();
  const house = await openTrainingHouse(sql, { now: () => new Date() }, images);
  const server = await startJobServer(sql, house, house.createKind());
  const describe = async (TrainingJobName: string): Promise<DescribeTrainingJobResponse> =>
    await server.client.send(new DescribeTrainingJobCommand({ TrainingJobName }));
  return {
    ...server,
    house,
    describe,
    until,
    async ended(name: string): Promise<DescribeTrainingJobResponse> {
      await until(async () => /^(Completed|Failed|Stopped)$/.test((await describe(name)).TrainingJobStatus ?? ""));
      return await describe(name);
    },
  };
}
