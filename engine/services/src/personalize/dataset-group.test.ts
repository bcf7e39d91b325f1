import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateDatasetGroupCommand,
  DeleteDatasetGroupCommand,
  DescribeDatasetGroupCommand,
  ListDatasetGroupsCommand,
} from "@aws-sdk/client-personalize";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { usersSchema } from "./testing/dataset-house.ts";
import { arnOf, startDatasetServer } from "./testing/dataset-server.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

test("a dataset group becomes ACTIVE, is listed, and is deleted with its filters when nothing keeps it", async () => {
  await using server = await startDatasetServer();
  const { client, loop, house } = server;
  const datasetGroupArn = arnOf("dataset-group/films");
  const created = await client.send(new CreateDatasetGroupCommand({ name: "films", domain: "VIDEO_ON_DEMAND" }));
  assert.equal(created.datasetGroupArn, datasetGroupArn);
  assert.equal(created.domain, "VIDEO_ON_DEMAND");
  await loop.idle();
  const { datasetGroup } = await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
  const { creationDateTime, lastUpdatedDateTime, ...rest } = datasetGroup ?? {};
  assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
  assert.deepEqual(rest, { name: "films", datasetGroupArn, status: "ACTIVE", domain: "VIDEO_ON_DEMAND" });
  const { datasetGroups } = await client.send(new ListDatasetGroupsCommand({}));
  assert.deepEqual(
    datasetGroups?.map(({ name, status }) => [name, status]),
    [
      ["shop", "ACTIVE"],
      ["films", "ACTIVE"],
    ],
  );

  const filter = { type: "filter", name: "new", status: "ACTIVE", body: { datasetGroupArn } } as const;
  await house.resources.insert(newPersonalizeResource(caller, filter));
  await client.send(new DeleteDatasetGroupCommand({ datasetGroupArn }));
  await loop.idle();
  await assert.rejects(client.send(new DescribeDatasetGroupCommand({ datasetGroupArn })), {
    name: "ResourceNotFoundException",
  });
  assert.equal(await house.resources.find(caller, "personalize/filter", "new"), undefined);
});

test("a dataset group with datasets is not deleted", async () => {
  await using server = await startDatasetServer();
  await server.house.insertDataset(usersSchema);
  await assert.rejects(server.client.send(new DeleteDatasetGroupCommand({ datasetGroupArn: GROUP_ARN })), {
    name: "ResourceInUseException",
    message: /in use by the dataset .*dataset\/shop\/USERS, which is in status ACTIVE\. Delete that first/,
  });
});

test("a dataset group begins as CREATE PENDING, and a key needs a role", async () => {
  await using server = await startDatasetServer([]);
  const { client } = server;
  await client.send(new CreateDatasetGroupCommand({ name: "films" }));
  const { datasetGroup } = await client.send(
    new DescribeDatasetGroupCommand({ datasetGroupArn: arnOf("dataset-group/films") }),
  );
  assert.equal(datasetGroup?.status, "CREATE PENDING");
  const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/k";
  await assert.rejects(client.send(new CreateDatasetGroupCommand({ name: "secret", kmsKeyArn })), {
    name: "InvalidInputException",
    message: /needs the roleArn/,
  });
});
