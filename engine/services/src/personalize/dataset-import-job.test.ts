import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CreateDatasetImportJobCommand,
  type CreateDatasetImportJobRequest,
  DescribeDatasetImportJobCommand,
  ListDatasetImportJobsCommand,
} from "@aws-sdk/client-personalize";
import { caller } from "../sagemaker/testing/job-house.ts";
import { until } from "../sagemaker/testing/job-server.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { usersSchema } from "./testing/dataset-house.ts";
import { arnOf, type DatasetServer, startDatasetServer } from "./testing/dataset-server.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const datasetArn = arnOf("dataset/shop/USERS");

function create({ client }: DatasetServer, jobName: string, changes: Partial<CreateDatasetImportJobRequest> = {}) {
  const dataSource = { dataLocation: "s3://data/users.csv" };
  const roleArn = "arn:aws:iam::111122223333:role/personalize";
  return client.send(new CreateDatasetImportJobCommand({ jobName, datasetArn, dataSource, roleArn, ...changes }));
}

/** The job once it has ended. */
async function ended({ client }: DatasetServer, jobName: string) {
  const command = new DescribeDatasetImportJobCommand({ datasetImportJobArn: arnOf(`dataset-import-job/${jobName}`) });
  const describeJob = async () => (await client.send(command)).datasetImportJob;
  await until(async () => ["ACTIVE", "CREATE FAILED"].includes((await describeJob())?.status ?? ""));
  return await describeJob();
}

describe("a dataset import job", () => {
  test("imports a file, adds others of a folder, and tells what it refused", async () => {
    await using server = await startDatasetServer();
    const { house, client } = server;
    await house.insertDataset(usersSchema);
    await house.putObject("users.csv", "USER_ID,AGE\nu1,30\n");
    await house.putObject("more/a.csv", "USER_ID,AGE\nu2,old\nu3,\n");
    await house.putObject("more/_SUCCESS", "");
    await house.putObject("more/deeper/b.csv", "not this one");
    const { datasetImportJobArn } = await create(server, "first");
    assert.equal(datasetImportJobArn, arnOf("dataset-import-job/first"));
    const first = await ended(server, "first");
    const { creationDateTime, lastUpdatedDateTime, ...rest } = first ?? {};
    assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
    assert.deepEqual(rest, {
      jobName: "first",
      datasetImportJobArn,
      datasetArn,
      dataSource: { dataLocation: "s3://data/users.csv" },
      roleArn: "arn:aws:iam::111122223333:role/personalize",
      status: "ACTIVE",
      importMode: "FULL",
    });
    await create(server, "second", { importMode: "INCREMENTAL", dataSource: { dataLocation: "s3://data/more/" } });
    const second = await ended(server, "second");
    assert.equal(second?.status, "ACTIVE");
    assert.match(
      second.failureReason ?? "",
      /^1 of 2 rows were refused\. AGE is not a whole number of type int: 1 row, first in a\.csv, line 2: "old"/,
    );
    assert.deepEqual(
      (await house.dataset("Users"))?.segments.map(({ rows }) => rows),
      [1, 1],
    );
    const { datasetImportJobs } = await client.send(new ListDatasetImportJobsCommand({ datasetArn }));
    assert.deepEqual(
      datasetImportJobs?.map(({ jobName, status }) => [jobName, status]),
      [
        ["first", "ACTIVE"],
        ["second", "ACTIVE"],
      ],
    );
  });

  test("fails with a reason and leaves the dataset as it was", async () => {
    await using server = await startDatasetServer();
    const { house } = server;
    const former = { key: "datasets/shop/USERS/former.parquet", rows: 4, follows: 0 };
    await house.insertDataset(usersSchema, { segments: [former] });
    await house.putObject("users.csv", "USER,AGE\nu1,30\n");
    await house.putObject("refused.csv", "USER_ID,AGE\nu1,old\n");
    const cases = [
      [
        "header",
        "s3://data/users.csv",
        /^The header of users\.csv is USER,AGE; by the Users schema it must be USER_ID,AGE\.$/,
      ],
      ["refused", "s3://data/refused.csv", /^1 of 1 rows were refused\. AGE is not/],
      ["missing", "s3://data/missing.csv", /^There is no CSV file at s3:\/\/data\/missing\.csv\.$/],
      ["bucket", "s3://gone/users.csv", /cannot be read: NoSuchBucket/],
    ] as const;
    for (const [jobName, dataLocation, reason] of cases) {
      await create(server, jobName, { dataSource: { dataLocation } });
      const job = await ended(server, jobName);
      assert.equal(job?.status, "CREATE FAILED", jobName);
      assert.match(job.failureReason ?? "", reason);
    }
    assert.deepEqual((await house.dataset("Users"))?.segments, [former]);
  });

  test("is refused for a dataset that is not there, a location that is none, while users are erased, and as the sixth", async () => {
    await using server = await startDatasetServer([]);
    const { house } = server;
    await assert.rejects(create(server, "early"), { name: "ResourceNotFoundException" });
    await house.insertDataset(usersSchema);
    const dataSource = { dataLocation: "https://data/users.csv" };
    await assert.rejects(create(server, "web", { dataSource }), {
      name: "InvalidInputException",
      message: /s3:\/\/bucket\/key/,
    });
    const erasure = {
      type: "data-deletion-job",
      name: "erase",
      status: "InProgress",
      body: { datasetGroupArn: GROUP_ARN },
    } as const;
    const running = await house.resources.insert(newPersonalizeResource(caller, erasure));
    await assert.rejects(create(server, "beside"), { name: "ResourceInUseException", message: /data deletion job/ });
    await house.resources.update(running, { status: "Completed" });
    for (const name of ["1", "2", "3", "4", "5"]) await create(server, name);
    await assert.rejects(create(server, "6"), {
      name: "LimitExceededException",
      message: /More than 5 dataset import job/,
    });
  });
});
