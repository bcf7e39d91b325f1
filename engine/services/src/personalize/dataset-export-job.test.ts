import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateDatasetExportJobCommand,
  type CreateDatasetExportJobRequest,
  DescribeDatasetExportJobCommand,
  ListDatasetExportJobsCommand,
} from "@aws-sdk/client-personalize";
import { until } from "../sagemaker/testing/job-server.ts";
import { usersSchema } from "./testing/dataset-house.ts";
import { arnOf, type DatasetServer, startDatasetServer } from "./testing/dataset-server.ts";

const datasetArn = arnOf("dataset/shop/USERS");
const roleArn = "arn:aws:iam::111122223333:role/personalize";
const jobOutput = { s3DataDestination: { path: "s3://data/exports" } };

function create({ client }: DatasetServer, jobName: string, changes: Partial<CreateDatasetExportJobRequest> = {}) {
  return client.send(new CreateDatasetExportJobCommand({ jobName, datasetArn, roleArn, jobOutput, ...changes }));
}

async function ended({ client }: DatasetServer, jobName: string) {
  const command = new DescribeDatasetExportJobCommand({ datasetExportJobArn: arnOf(`dataset-export-job/${jobName}`) });
  const describeJob = async () => (await client.send(command)).datasetExportJob;
  await until(async () => ["ACTIVE", "CREATE FAILED"].includes((await describeJob())?.status ?? ""));
  return await describeJob();
}

test("a dataset is exported as it was put, as it was imported, or both", async () => {
  await using server = await startDatasetServer();
  const { house, client } = server;
  const segment = await house.storeSegment(usersSchema, "USER_ID,AGE\nu1,30\nu2,\n", "run");
  await house.insertDataset(usersSchema, { segments: [segment] });
  await house.records.put(await house.groupId(), [{ dataset: "Users", userId: "u2", content: { AGE: 40 } }]);
  const { datasetExportJobArn } = await create(server, "put");
  const { creationDateTime, lastUpdatedDateTime, ...job } = (await ended(server, "put")) ?? {};
  assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
  const own = { jobName: "put", datasetExportJobArn, datasetArn, roleArn, jobOutput };
  assert.deepEqual(job, { ...own, ingestionMode: "PUT", status: "ACTIVE" });
  for (const ingestionMode of ["BULK", "ALL"] as const) await create(server, ingestionMode, { ingestionMode });
  for (const jobName of ["BULK", "ALL"]) assert.equal((await ended(server, jobName))?.status, "ACTIVE");
  const read = async (jobName: string) => (await house.readObject(`exports/${jobName}.csv`)).toString();
  assert.equal(await read("put"), "USER_ID,AGE\nu2,40\n");
  assert.equal(await read("BULK"), "USER_ID,AGE\nu1,30\nu2,\n");
  assert.equal(await read("ALL"), "USER_ID,AGE\nu1,30\nu2,40\n");
  const { datasetExportJobs } = await client.send(new ListDatasetExportJobsCommand({ datasetArn }));
  assert.deepEqual(
    datasetExportJobs?.map(({ jobName }) => jobName),
    ["put", "BULK", "ALL"],
  );
});

test("an export fails where it cannot write, and is refused for a location that is none", async () => {
  await using server = await startDatasetServer();
  await server.house.insertDataset(usersSchema);
  await create(server, "lost", { jobOutput: { s3DataDestination: { path: "s3://gone/exports" } } });
  const job = await ended(server, "lost");
  assert.equal(job?.status, "CREATE FAILED");
  assert.equal(
    job.failureReason,
    "The output location s3://gone/exports cannot be written: the bucket gone does not exist.",
  );
  const web = { s3DataDestination: { path: "https://data/exports" } };
  await assert.rejects(create(server, "web", { jobOutput: web }), {
    name: "InvalidInputException",
    message: /jobOutput must be/,
  });
});
