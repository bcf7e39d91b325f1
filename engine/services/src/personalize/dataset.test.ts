import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  DeleteDatasetCommand,
  DescribeDatasetCommand,
  ListDatasetsCommand,
  UpdateDatasetCommand,
} from "@aws-sdk/client-personalize";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { importReportKey, segmentKey } from "./storage.ts";
import { interactionsSchema, usersSchema } from "./testing/dataset-house.ts";
import { AGE, arnOf, createUsersSchema, type DatasetServer, startDatasetServer } from "./testing/dataset-server.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const datasetArn = arnOf("dataset/shop/USERS");

async function createUsers({ client, loop }: DatasetServer, changes: object = {}) {
  const schemaArn = await createUsersSchema(client, "users");
  const request = { name: "people", datasetGroupArn: GROUP_ARN, datasetType: "Users", schemaArn, ...changes };
  const created = await client.send(new CreateDatasetCommand(request));
  await loop.idle();
  return { schemaArn, ...created };
}

describe("a dataset", () => {
  test("is created once in a group, described and listed", async () => {
    await using server = await startDatasetServer();
    const { client } = server;
    const created = await createUsers(server);
    assert.equal(created.datasetArn, datasetArn);
    const { dataset } = await client.send(new DescribeDatasetCommand({ datasetArn }));
    const { creationDateTime, lastUpdatedDateTime, ...rest } = dataset ?? {};
    assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
    const own = { name: "people", datasetArn, datasetType: "USERS", status: "ACTIVE" };
    assert.deepEqual(rest, { ...own, datasetGroupArn: GROUP_ARN, schemaArn: created.schemaArn });
    const again = { name: "others", datasetGroupArn: GROUP_ARN, datasetType: "USERS", schemaArn: created.schemaArn };
    await assert.rejects(client.send(new CreateDatasetCommand(again)), {
      name: "ResourceAlreadyExistsException",
      message: `Another resource with Arn ${datasetArn} already exists.`,
    });
    const list = async (datasetGroupArn?: string) =>
      (await client.send(new ListDatasetsCommand({ datasetGroupArn }))).datasets;
    assert.deepEqual(
      (await list(GROUP_ARN))?.map(({ name, datasetType }) => [name, datasetType]),
      [["people", "USERS"]],
    );
    assert.deepEqual(await list(`${GROUP_ARN}-other`), []);
    assert.equal((await list())?.length, 1);
  });

  test("needs a type that there is, a schema of this type and of the group's domain, and a group that is there", async () => {
    await using server = await startDatasetServer();
    const { client, loop } = server;
    const invalid = (message: RegExp) => ({ name: "InvalidInputException", message });
    await assert.rejects(
      createUsers(server, { datasetType: "People" }),
      invalid(/People is not one of Interactions, Items/),
    );
    const schemaArn = arnOf("schema/users");
    const create = (changes: object) =>
      client.send(
        new CreateDatasetCommand({
          name: "d",
          datasetGroupArn: GROUP_ARN,
          datasetType: "Users",
          schemaArn,
          ...changes,
        }),
      );
    await assert.rejects(create({ datasetType: "Items" }), invalid(/is one of Users; a dataset of type Items needs/));
    await client.send(new CreateDatasetGroupCommand({ name: "films", domain: "VIDEO_ON_DEMAND" }));
    const films = arnOf("dataset-group/films");
    await loop.idle();
    await assert.rejects(
      create({ datasetGroupArn: films }),
      invalid(/has no domain, and the dataset group is of the domain VIDEO_ON_DEMAND/),
    );
    await assert.rejects(create({ datasetGroupArn: `${GROUP_ARN}-lost` }), { name: "ResourceNotFoundException" });
    await assert.rejects(create({ schemaArn: arnOf("schema/lost") }), { name: "ResourceNotFoundException" });
  });

  test("takes another schema that has more fields", async () => {
    await using server = await startDatasetServer();
    const { client, loop, house } = server;
    await createUsers(server);
    const update = (schemaArn: string, arn = datasetArn) =>
      client.send(new UpdateDatasetCommand({ datasetArn: arn, schemaArn }));
    const invalid = (message: RegExp) => ({ name: "InvalidInputException", message });
    const plan = { name: "PLAN", type: ["null", "string"], categorical: true };
    const refused: [name: string, fields: (typeof plan | typeof AGE)[], message: RegExp][] = [
      ["less", [plan], /lacks the field AGE/],
      ["changed", [{ name: "AGE", type: ["null", "long"] }], /changes the field AGE/],
      ["strict", [AGE, { ...plan, type: ["string"] }], /PLAN must support null: write "type": \["null", "string"\]/],
    ];
    for (const [name, fields, message] of refused) {
      const schemaArn = await createUsersSchema(client, name, fields);
      await assert.rejects(update(schemaArn), invalid(message));
    }
    await house.insertDataset(interactionsSchema);
    const more = await createUsersSchema(client, "more", [plan, AGE]);
    await assert.rejects(update(more, arnOf("dataset/shop/INTERACTIONS")), invalid(/cannot be replaced/));
    await update(more);
    await loop.idle();
    const { dataset } = await client.send(new DescribeDatasetCommand({ datasetArn }));
    assert.equal(dataset?.schemaArn, more);
    assert.equal(dataset.latestDatasetUpdate?.status, "ACTIVE");
    assert.equal(dataset.latestDatasetUpdate.schemaArn, more);
    assert.deepEqual(
      (await house.dataset("Users"))?.schema.fields.map(({ name }) => name),
      ["USER_ID", "PLAN", "AGE"],
    );
  });

  test("is deleted with its segments, single records and jobs, unless a job works on it", async () => {
    await using server = await startDatasetServer();
    const { client, loop, house } = server;
    const key = segmentKey("shop/USERS", "run");
    for (const stored of [key, importReportKey(key)]) await house.storage.put(caller, stored, Buffer.from("rows"));
    await house.insertDataset(usersSchema, { segments: [{ key, rows: 1, follows: 0 }] });
    const groupId = await house.groupId();
    const record = { userId: "u1", content: {} };
    await house.records.put(groupId, [
      { ...record, dataset: "Users" },
      { ...record, dataset: "Interactions" },
    ]);
    const job = { type: "dataset-import-job", name: "import", status: "InProgress", body: { datasetArn } } as const;
    const running = await house.resources.insert(newPersonalizeResource(caller, job));
    const remove = () => client.send(new DeleteDatasetCommand({ datasetArn }));
    await assert.rejects(remove(), {
      name: "ResourceInUseException",
      message: /dataset import job .*in status InProgress/,
    });
    await house.resources.update(running, { status: "Completed" });
    await remove();
    await loop.idle();
    await assert.rejects(client.send(new DescribeDatasetCommand({ datasetArn })), {
      name: "ResourceNotFoundException",
    });
    assert.deepEqual(await house.storedKeys(), []);
    assert.deepEqual(await house.records.count(groupId), { Interactions: 1 });
    assert.equal(await house.resources.find(caller, "personalize/dataset-import-job", "import"), undefined);
  });
});
