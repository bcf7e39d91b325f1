import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CreateDataDeletionJobCommand,
  type CreateDataDeletionJobRequest,
  DescribeDataDeletionJobCommand,
  ListDataDeletionJobsCommand,
} from "@aws-sdk/client-personalize";
import { caller } from "../sagemaker/testing/job-house.ts";
import { until } from "../sagemaker/testing/job-server.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { importReportKey, segmentKey } from "./storage.ts";
import { interactionsSchema, usersSchema } from "./testing/dataset-house.ts";
import { arnOf, type DatasetServer, startDatasetServer } from "./testing/dataset-server.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";
import { sendForExtras } from "./testing/send-for-extras.ts";

const dataSource = { dataLocation: "s3://data/ids.csv" };
const roleArn = "arn:aws:iam::111122223333:role/personalize";

function create({ client }: DatasetServer, jobName: string, changes: Partial<CreateDataDeletionJobRequest> = {}) {
  return client.send(
    new CreateDataDeletionJobCommand({ jobName, datasetGroupArn: GROUP_ARN, dataSource, roleArn, ...changes }),
  );
}

async function ended({ client }: DatasetServer, jobName: string) {
  const command = new DescribeDataDeletionJobCommand({ dataDeletionJobArn: arnOf(`data-deletion-job/${jobName}`) });
  const describeJob = async () => (await client.send(command)).dataDeletionJob;
  await until(async () => ["COMPLETED", "FAILED"].includes((await describeJob())?.status ?? ""));
  return await describeJob();
}

describe("a data deletion job", () => {
  test("erases users from segments and single records", async () => {
    await using server = await startDatasetServer();
    const { house, client } = server;
    const clicks = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nu1,a,1,Click\nu2,b,2,Click\nu3,c,3,Click\n";
    await house.insertDataset(interactionsSchema, {
      segments: [await house.storeSegment(interactionsSchema, clicks, "run")],
    });
    const groupId = await house.groupId();
    const content = { ITEM_ID: "d", EVENT_TYPE: "Click", TIMESTAMP: 5 };
    await house.records.put(
      groupId,
      ["u2", "u3"].map((userId) => ({ dataset: "Interactions", userId, content })),
    );
    await house.putObject("ids.csv", "USER_ID\nu1\nu2\n");
    const quotes = importReportKey(segmentKey("shop/ITEMS", "other"));
    await house.storage.put(caller, quotes, Buffer.from("u1"));

    const { dataDeletionJobArn } = await create(server, "erase");
    const { creationDateTime, lastUpdatedDateTime, ...job } = (await ended(server, "erase")) ?? {};
    assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
    const own = { jobName: "erase", dataDeletionJobArn, datasetGroupArn: GROUP_ARN, dataSource, roleArn };
    assert.deepEqual(job, { ...own, status: "COMPLETED", numDeleted: 3 });
    assert.deepEqual(await house.readRows("Interactions"), ["u3,c,3,Click"]);
    assert.ok(!(await house.storedKeys()).includes(quotes));
    assert.deepEqual(
      (await house.records.listAfter({ groupId, after: 0, limit: 9 })).map(({ userId }) => userId),
      ["u3"],
    );
    await house.resources.insert(
      newPersonalizeResource(caller, {
        type: "campaign",
        name: "offers",
        status: "ACTIVE",
        body: { datasetGroupArn: GROUP_ARN, live: { solutionVersionArn: arnOf("solution/offers/00000001") } },
      }),
    );
    const describeJob = new DescribeDataDeletionJobCommand({ dataDeletionJobArn });
    const answer = await sendForExtras(client, () => client.send(describeJob));
    const [model] = answer["rondo:erasedModels"] as readonly { readonly arn: string }[];
    assert.equal(model?.arn, arnOf("campaign/offers"), "it answers with a model of before");
    const { dataDeletionJobs } = await client.send(new ListDataDeletionJobsCommand({ datasetGroupArn: GROUP_ARN }));
    assert.deepEqual(
      dataDeletionJobs?.map(({ jobName, status }) => [jobName, status]),
      [["erase", "COMPLETED"]],
    );
  });

  test("fails for a file that is none of user ids and deletes nothing", async () => {
    await using server = await startDatasetServer();
    const { house } = server;
    const users = await house.storeSegment(usersSchema, "USER_ID,AGE\nu1,30\n", "run");
    await house.insertDataset(usersSchema, { segments: [users] });
    await house.putObject("ids.csv", "ID\nu1\n");
    await create(server, "erase");
    const job = await ended(server, "erase");
    assert.equal(job?.status, "FAILED");
    assert.match(job.failureReason ?? "", /^The header of ids\.csv is ID; by the Users schema it must be USER_ID\.$/);
    assert.equal(job.numDeleted, undefined);
    assert.deepEqual((await house.dataset("Users"))?.segments, [users]);
  });

  test("is refused for a group that is not there, and while rows are imported or others erased", async () => {
    await using server = await startDatasetServer([]);
    const { house } = server;
    await assert.rejects(create(server, "lost", { datasetGroupArn: `${GROUP_ARN}-lost` }), {
      name: "ResourceNotFoundException",
    });
    const row = {
      type: "dataset-import-job",
      name: "i",
      status: "InProgress",
      body: { datasetGroupArn: GROUP_ARN },
    } as const;
    const running = await house.resources.insert(newPersonalizeResource(caller, row));
    await assert.rejects(create(server, "beside"), { name: "ResourceInUseException", message: /dataset import job/ });
    await house.resources.update(running, { status: "Failed" });
    await create(server, "first");
    await assert.rejects(create(server, "second"), {
      name: "ResourceInUseException",
      message: /data deletion job .*\/first/,
    });
  });
});
