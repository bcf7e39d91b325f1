import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateDatasetCommand,
  CreateSchemaCommand,
  DeleteSchemaCommand,
  DescribeSchemaCommand,
  ListSchemasCommand,
} from "@aws-sdk/client-personalize";
import { AGE, arnOf, avro, createUsersSchema, startDatasetServer, USER_ID } from "./testing/dataset-server.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

test("a schema is created once, described as it was written, listed, and deleted when no dataset uses it", async () => {
  await using server = await startDatasetServer();
  const { client, loop } = server;
  const schema = avro("Users", [USER_ID, AGE]);
  const schemaArn = await createUsersSchema(client, "users");
  assert.equal(schemaArn, arnOf("schema/users"));
  await assert.rejects(createUsersSchema(client, "users"), {
    name: "ResourceAlreadyExistsException",
    message: `Another resource with Arn ${schemaArn} already exists.`,
  });
  const { schema: described } = await client.send(new DescribeSchemaCommand({ schemaArn }));
  const { creationDateTime, lastUpdatedDateTime, ...rest } = described ?? {};
  assert.ok(creationDateTime instanceof Date && lastUpdatedDateTime instanceof Date);
  assert.deepEqual(rest, { name: "users", schemaArn, schema });
  await createUsersSchema(client, "of-a-shop", [AGE], "ECOMMERCE");
  const { schemas, nextToken } = await client.send(new ListSchemasCommand({ maxResults: 1 }));
  assert.deepEqual(
    schemas?.map(({ name }) => name),
    ["users"],
  );
  const second = await client.send(new ListSchemasCommand({ nextToken }));
  assert.deepEqual(
    second.schemas?.map(({ name, domain }) => [name, domain]),
    [["of-a-shop", "ECOMMERCE"]],
  );
  await assert.rejects(client.send(new ListSchemasCommand({ nextToken: "no" })), { name: "InvalidNextTokenException" });

  const dataset = { name: "u", datasetGroupArn: GROUP_ARN, datasetType: "Users", schemaArn };
  await client.send(new CreateDatasetCommand(dataset));
  await loop.idle();
  await assert.rejects(client.send(new DeleteSchemaCommand({ schemaArn })), {
    name: "ResourceInUseException",
    message: /in use by the dataset .*dataset\/shop\/USERS/,
  });
  const unused = arnOf("schema/of-a-shop");
  await client.send(new DeleteSchemaCommand({ schemaArn: unused }));
  await assert.rejects(client.send(new DescribeSchemaCommand({ schemaArn: unused })), {
    name: "ResourceNotFoundException",
    message: `Resource Arn ${unused} does not exist.`,
  });
});

test("a schema against AWS's rules is refused with what to write instead", async () => {
  await using server = await startDatasetServer();
  const fields = [USER_ID, { name: "ITEM_ID", type: "string" }, { name: "TIMESTAMP", type: "int" }];
  const command = new CreateSchemaCommand({ name: "clicks", schema: avro("Interactions", fields) });
  await assert.rejects(server.client.send(command), {
    name: "InvalidInputException",
    message: 'Field TIMESTAMP must be of type long, not int: write {"name": "TIMESTAMP", "type": "long"}.',
  });
});
