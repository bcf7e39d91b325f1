import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateProcessingJobCommand,
  type CreateProcessingJobRequest,
  DeleteProcessingJobCommand,
  DescribeProcessingJobCommand,
  type DescribeProcessingJobResponse,
  ListProcessingJobsCommand,
  type ListProcessingJobsRequest,
  ListTagsCommand,
  StopProcessingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { findMountNamespace } from "@rondo/run/testing";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "./testing/job-house.ts";
import { startJobServer, until } from "./testing/job-server.ts";
import { input, openProcessingHouse, output, processingRequest } from "./testing/processing-house.ts";

const mount = await findMountNamespace("/opt/ml");
const skip = "refusal" in mount ? mount.refusal : false;

test("a job reads its inputs, writes its outputs, and Describe shows all of it", { skip }, async () => {
  await using server = await startServer();
  const { house } = server;
  await house.objects.put(
    { ...caller, bucket: "data" },
    "code/run.sh",
    Buffer.from(". /opt/ml/processing/input/list.sh"),
  );
  await house.objects.put({ ...caller, bucket: "data" }, "code/list.sh.txt", Buffer.from("never named"));
  await house.objects.put({ ...caller, bucket: "data" }, "in/code/run.sh", Buffer.from("hidden by the nested input"));
  await house.objects.put({ ...caller, bucket: "data" }, "in/code", Buffer.from("hidden too"));
  await house.objects.put({ ...caller, bucket: "data" }, "in/list.sh", Buffer.from(LIST));
  const nested = [
    input("code", "s3://data/code/run.sh", "/opt/ml/processing/input/code/"),
    input("in", "s3://data/in/", "/opt/ml/processing/input"),
  ];
  const request = processingRequest("First-Job", "", {
    Environment: { WHO: "me" },
    ProcessingInputs: nested,
    AppSpecification: {
      ImageUri: "any/shell:1",
      ContainerEntrypoint: ["/bin/sh"],
      ContainerArguments: ["/opt/ml/processing/input/code/run.sh", "an argument"],
    },
    Tags: [{ Key: "team", Value: "a" }],
  });
  const { ProcessingJobArn: arn = "" } = await server.client.send(new CreateProcessingJobCommand(request));
  assert.equal(arn, "arn:aws:sagemaker:eu-west-1:111122223333:processing-job/first-job");
  const job = await server.ended("First-Job");
  assert.equal(job.ProcessingJobStatus, "Completed", job.FailureReason);
  assert.equal(job.ExitMessage, "all is well");
  assert.deepEqual(job.ProcessingResources, request.ProcessingResources);
  assert.deepEqual(job.AppSpecification, request.AppSpecification);
  assert.deepEqual(job.Environment, { WHO: "me" });
  assert.deepEqual(job.StoppingCondition, { MaxRuntimeInSeconds: 86_400 });
  assert.deepEqual(job.ProcessingInputs?.[0], {
    ...nested[0],
    AppManaged: false,
    S3Input: { ...nested[0]?.S3Input, S3DataDistributionType: "FullyReplicated", S3CompressionType: "None" },
  });
  assert.ok(job.CreationTime && job.ProcessingStartTime && job.ProcessingEndTime && job.LastModifiedTime);
  const { Tags } = await server.client.send(new ListTagsCommand({ ResourceArn: arn }));
  assert.deepEqual(Tags, [{ Key: "team", Value: "a" }]);
  const log = await house.readLog();
  assert.deepEqual(log, ["me an argument eu-west-1", "1.csv", "code", "code/run.sh", "deep", "deep/2.csv", "list.sh"]);
  const [stream] = await house.sql.query<{ name: string; group: string }>(
    `select s.name, g.name as "group" from log_stream s join log_group g on g.id = s.group_id`,
  );
  assert.equal(stream?.group, "/aws/sagemaker/ProcessingJobs");
  assert.match(stream?.name ?? "", /^First-Job\/algo-1-\d{10}$/);
  assert.deepEqual(await server.keysBelow("First-Job/"), ["First-Job/out/file", "First-Job/out/folder/other"]);
  const configuration = JSON.parse((await house.readObject("First-Job/out/file")).toString()) as object;
  assert.deepEqual(configuration, {
    ProcessingJobArn: arn,
    ProcessingJobName: "First-Job",
    AppSpecification: request.AppSpecification,
    Environment: { WHO: "me" },
    ProcessingInputs: job.ProcessingInputs?.map((each) => ({ DatasetDefinition: null, ...each })),
    ProcessingOutputConfig: {
      Outputs: job.ProcessingOutputConfig?.Outputs?.map((each) => ({ FeatureStoreOutput: null, ...each })),
      KmsKeyId: null,
    },
    ProcessingResources: { ClusterConfig: { ...request.ProcessingResources?.ClusterConfig, VolumeKmsKeyId: null } },
    NetworkConfig: null,
    ExperimentConfig: null,
    RoleArn: request.RoleArn,
    StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
  });
  const resources = (await house.readObject("First-Job/out/folder/other")).toString();
  assert.deepEqual(JSON.parse(resources), { current_host: "algo-1", hosts: ["algo-1"] });
  assert.deepEqual(await house.leftovers(), []);
});

/** Shows what the program sees, and leaves a link, an empty folder and two files as its output. */
const LIST = `
echo "$WHO $1 $AWS_REGION"
cd /opt/ml/processing/input; find . -mindepth 1 | sed 's,^./,,' | LC_ALL=C sort
cd ../output; mkdir empty folder; ln -s /etc/hostname link; ln -s /etc linked
cat /opt/ml/config/processingjobconfig.json > file; cat /opt/ml/config/resourceconfig.json > folder/other
printf 'all is well' > /opt/ml/output/message`;

test("a failed job says why, and uploads only what is continuous", async () => {
  await using server = await startServer();
  const cases: readonly (readonly [string, Partial<CreateProcessingJobRequest>, RegExp])[] = [
    ["exit 9", {}, /^AlgorithmError: See the job's log for more information, exit code: 9$/],
    ["printf 'bad data' > output/message; exit 3", {}, /^AlgorithmError: bad data, exit code: 3$/],
    ["echo 'no such package' > output/failure; exit 1", {}, /^AlgorithmError: no such package, exit code: 1$/],
    ["", { AppSpecification: { ImageUri: "x/unknown:1" } }, /^ClientError: The image x\/unknown:1 cannot.*shell:1/],
    ["", { AppSpecification: { ImageUri: "x/shell:1" } }, /^ClientError: .*ContainerEntrypoint/],
    ["", { ProcessingOutputConfig: outputs("s3://nowhere/x") }, /^ClientError: .*the bucket nowhere does not exist/],
    [
      "",
      { ProcessingInputs: [input("in", "s3://data/none", "/opt/ml/processing/input")] },
      /^ClientError: Data download failed: no objects found under s3:\/\/data\/none of input in/,
    ],
  ];
  for (const [index, [script, change, reason]] of cases.entries()) {
    const name = `failing-${index}`;
    await server.client.send(new CreateProcessingJobCommand(processingRequest(name, script, change)));
    const job = await server.ended(name);
    assert.equal(job.ProcessingJobStatus, "Failed");
    assert.match(job.FailureReason ?? "", reason);
  }
  const live = output("live", "s3://data/partial/live", "/opt/ml/processing/live");
  const Outputs = [
    output("out", "s3://data/partial/out", "/opt/ml/processing/output"),
    { ...live, S3Output: { ...live.S3Output, S3UploadMode: "Continuous" as const } },
  ];
  const script = "echo 1 > processing/output/file; echo 1 > processing/live/file; exit 1";
  const request = processingRequest("partial", script, { ProcessingOutputConfig: { Outputs } });
  await server.client.send(new CreateProcessingJobCommand(request));
  assert.equal((await server.ended("partial")).ProcessingJobStatus, "Failed");
  assert.deepEqual(await server.keysBelow("partial/"), ["partial/live/file"]);
});

test("a continuous output is uploaded while the job runs, and the job can be stopped", async () => {
  await using server = await startServer();
  const { client } = server;
  const ProcessingJobName = "live";
  const live = output("live", "s3://data/live", "/opt/ml/processing/live");
  const Outputs = [{ ...live, S3Output: { ...live.S3Output, S3UploadMode: "Continuous" as const } }];
  const script = `trap 'echo end > processing/live/end; exit 0' TERM
    echo begin > processing/live/begin; while :; do sleep 0.05; done`;
  const request = processingRequest(ProcessingJobName, script, { ProcessingOutputConfig: { Outputs } });
  await client.send(new CreateProcessingJobCommand(request));
  await until(async () => (await server.keysBelow("live/")).includes("live/begin"));
  await assert.rejects(client.send(new DeleteProcessingJobCommand({ ProcessingJobName })), { name: "ResourceInUse" });
  await client.send(new StopProcessingJobCommand({ ProcessingJobName }));
  const job = await server.ended(ProcessingJobName);
  assert.equal(job.ProcessingJobStatus, "Stopped");
  assert.equal(job.FailureReason, undefined);
  assert.deepEqual(await server.keysBelow("live/"), ["live/begin", "live/end"]);
  await assert.rejects(client.send(new StopProcessingJobCommand({ ProcessingJobName })), {
    name: "ValidationException",
    message: "The request was rejected because the processing job is in status Stopped.",
  });
  await client.send(new DeleteProcessingJobCommand({ ProcessingJobName }));
  await assert.rejects(server.describe(ProcessingJobName), {
    name: "ValidationException",
    message: "Could not find requested job with name: live",
  });
});

test("MaxRuntimeInSeconds ends a job that takes too long", async () => {
  await using server = await startServer();
  const request = processingRequest("long", "exec sleep 600", { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
  await server.client.send(new CreateProcessingJobCommand(request));
  const job = await server.ended("long");
  assert.equal(job.ProcessingJobStatus, "Stopped");
  assert.deepEqual(await server.keysBelow("long/"), []);
  assert.deepEqual(await server.house.leftovers(), []);
});

test("names are unique, and what is not supported is refused at once", async () => {
  await using server = await startServer();
  const first = processingRequest("once", "true");
  await server.client.send(new CreateProcessingJobCommand(first));
  await assert.rejects(server.client.send(new CreateProcessingJobCommand(first)), {
    name: "ResourceInUse",
    message: /^Job name must be unique .* already exists \(arn:aws:sagemaker:.*processing-job\/once\)$/,
  });
  const good = input("in", "s3://data/in/", "/opt/ml/processing/input");
  const withInput = (change: object) => ({ ProcessingInputs: [{ ...good, S3Input: { ...good.S3Input, ...change } }] });
  const refused: readonly (readonly [Partial<CreateProcessingJobRequest>, RegExp])[] = [
    [{ ProcessingInputs: [good, good] }, /Input names must be unique/],
    [withInput({ S3InputMode: "Pipe" }), /Pipe.*File/],
    [withInput({ S3CompressionType: "Gzip" }), /Gzip.*Pipe/],
    [withInput({ S3Uri: "https://x/y" }), /s3:\/\//],
    [withInput({ LocalPath: undefined }), /LocalPath of input in is required/],
    [withInput({ LocalPath: "/opt/ml/input" }), /below \/opt\/ml\/processing\//],
    [withInput({ LocalPath: "/opt/ml/processing/../../x" }), /below \/opt\/ml\/processing\//],
    [{ ProcessingInputs: [{ InputName: "in" }] }, /Input in must have an S3Input/],
    [{ ProcessingInputs: [{ InputName: "in", DatasetDefinition: {} }] }, /DatasetDefinition/],
    [{ ProcessingOutputConfig: { Outputs: [{ OutputName: "out" }] } }, /Output out must have an S3Output/],
    [
      { ProcessingOutputConfig: { Outputs: [{ OutputName: "out", FeatureStoreOutput: { FeatureGroupName: "g" } }] } },
      /FeatureStoreOutput/,
    ],
    [{ ProcessingResources: { ClusterConfig: { VolumeSizeInGB: 1 } } }, /InstanceType and InstanceCount/],
    [{ StoppingCondition: { MaxRuntimeInSeconds: 777_601 } }, /axRuntimeInSeconds/],
    [{ ProcessingJobName: "-bad" }, /rocessingJobName/],
  ];
  for (const [change, message] of refused) {
    const sent = server.client.send(new CreateProcessingJobCommand(processingRequest("refused", "true", change)));
    await assert.rejects(sent, { name: "ValidationException", message });
  }
  const { ProcessingJobSummaries: jobs } = await server.client.send(new ListProcessingJobsCommand({}));
  assert.deepEqual(
    jobs?.map(({ ProcessingJobName }) => ProcessingJobName),
    ["once"],
  );
});

test("jobs are listed by name, status, time, in pages, the newest first", async () => {
  await using server = await startServer();
  for (const name of ["b-1", "a-2", "c-3"]) {
    await server.client.send(
      new CreateProcessingJobCommand(processingRequest(name, name === "c-3" ? "exit 1" : "true")),
    );
    await server.ended(name);
  }
  const list = async (request: ListProcessingJobsRequest) => {
    const { ProcessingJobSummaries = [], NextToken } = await server.client.send(new ListProcessingJobsCommand(request));
    return { names: ProcessingJobSummaries.map(({ ProcessingJobName }) => ProcessingJobName), NextToken };
  };
  assert.deepEqual((await list({})).names, ["c-3", "a-2", "b-1"]);
  assert.deepEqual((await list({ SortOrder: "Ascending" })).names, ["b-1", "a-2", "c-3"]);
  assert.deepEqual((await list({ SortBy: "Name", SortOrder: "Ascending" })).names, ["a-2", "b-1", "c-3"]);
  assert.deepEqual((await list({ StatusEquals: "Failed" })).names, ["c-3"]);
  assert.deepEqual((await list({ NameContains: "-2" })).names, ["a-2"]);
  const first = await list({ MaxResults: 2 });
  assert.deepEqual(first.names, ["c-3", "a-2"]);
  assert.deepEqual(await list({ MaxResults: 2, NextToken: first.NextToken }), { names: ["b-1"], NextToken: undefined });
});

function outputs(uri: string) {
  return { Outputs: [output("out", uri, "/opt/ml/processing/output")] };
}

/** SageMaker on a free port, with the control loop and an image that runs shell scripts. */
async function startServer() {
  const sql = await openTestSql();
  const house = await openProcessingHouse(sql, { now: () => new Date() });
  const server = await startJobServer(sql, house, house.createKind());
  const describe = async (ProcessingJobName: string): Promise<DescribeProcessingJobResponse> =>
    await server.client.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
  return {
    ...server,
    house,
    describe,
    async ended(name: string): Promise<DescribeProcessingJobResponse> {
      await until(async () => /^(Completed|Failed|Stopped)$/.test((await describe(name)).ProcessingJobStatus ?? ""));
      return await describe(name);
    },
    async keysBelow(prefix: string): Promise<string[]> {
      const { objects } = await house.objects.list({ ...caller, bucket: "data", prefix, limit: 100 });
      return objects.map(({ key }) => key);
    },
  };
}
