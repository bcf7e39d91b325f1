import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttributeValue, DynamoDB } from "@aws-sdk/client-dynamodb";
import { createItems, createResources, resetDatabase } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { clientConfig, startWire } from "@rondo/wire/testing";
import { createDynamoDbService } from "./dynamodb.ts";
import { createItemRoute } from "./item-route.ts";
import { bicycle } from "./testing/catalog.ts";

const TableName = "ProductCatalog";

/** What a client sees of a conversation: answers without request ids, errors with their members, and the headers that matter. */
async function converse(client: DynamoDB): Promise<unknown[]> {
  const seen: unknown[] = [];
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const { statusCode, headers } = result.response as { statusCode: number; headers: Record<string, string> };
      seen.push([statusCode, headers["content-type"]]);
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  const note = async (work: Promise<object>): Promise<void> => {
    try {
      const { $metadata: _, ...answer } = (await work) as { $metadata: object };
      seen.push(answer);
    } catch (error) {
      const { name, message } = error as Error;
      seen.push({ name, message });
    }
  };
  const key = (Id: string) => ({ Id: { N: Id } });
  const values: readonly Record<string, AttributeValue>[] = [
    bicycle,
    { ...key("1"), Blob: { B: Uint8Array.of(0, 255) }, Deep: { L: [{ M: { BS: { BS: [Uint8Array.of(1)] } } }] } },
    { ...key("2.50"), Text: { S: "ü\u0000🎵" } },
    { Id: { S: "1" } },
    { Other: { N: "1" } },
    { ...key("3"), Wrong: { N: "one" } },
    { ...key("3"), Empty: { SS: [] } },
    { ...key("3"), Nothing: {} as AttributeValue },
    { ...key("3"), Large: { S: "x".repeat(20_000) } },
    { ...key("3"), Larger: { S: "x".repeat(410_000) } },
    { ...key("3"), Deep: Array.from({ length: 40 }).reduce<AttributeValue>((inner) => ({ L: [inner] }), { S: "x" }) },
  ];
  for (const Item of values) await note(client.putItem({ TableName, Item }));
  for (const id of ["123", "1", "2.5", "3", "4", "x"]) {
    await note(client.getItem({ TableName, Key: key(id) }));
    await note(client.getItem({ TableName, Key: key(id), ConsistentRead: true }));
  }
  await note(client.getItem({ TableName, Key: key("123"), ProjectionExpression: "Title" }));
  await note(client.getItem({ TableName, Key: { ...key("1"), More: { S: "x" } } }));
  await note(client.getItem({ TableName: "NoTable", Key: key("1") }));
  await note(client.putItem({ TableName: "No", Item: key("1") }));
  await note(client.putItem({ TableName, Item: undefined }));
  await note(client.putItem({ TableName, Item: key("1"), ConditionExpression: "attribute_not_exists(Id)" }));
  await note(client.putItem({ TableName, Item: key("1"), ReturnValues: "ALL_OLD", ReturnConsumedCapacity: "TOTAL" }));
  return seen;
}

/** Inputs that no SDK would write: other types, members that nobody knows, members that are null. */
const rawInputs: readonly string[] = [
  `{"S": "x", "Unknown": 1}`,
  `{"Unknown": 1}`,
  `{"S": "x", "N": null}`,
  `{"S": "x", "N": "1"}`,
  `{"S": 1}`,
  `{"N": 1}`,
  `{"N": " 1"}`,
  `{"BOOL": "true"}`,
  `{"NULL": false}`,
  `{"B": "no base64"}`,
  `{"B": "YQ"}`,
  `{"SS": ["a", null]}`,
  `{"SS": "a"}`,
  `{"BS": ["YQ==", "YQ"]}`,
  `{"L": [null]}`,
  `{"L": {}}`,
  `{"M": {"a": null}}`,
  `{"M": []}`,
  `"x"`,
  `null`,
  `[]`,
].map((value) => `{"TableName": "${TableName}", "Item": {"Id": {"N": "7"}, "A": ${value}}}`);

const rawRequests: readonly string[] = [
  ...rawInputs,
  `{"TableName": "${TableName}", "Item": {"Id": {"N": "7"}, "__proto__": {"S": "x"}}}`,
  `{"TableName": "${TableName}", "Item": {"Id": {"N": "7"}}, "Unknown": {"a": 1}}`,
  `{"TableName": "${TableName}", "Item": {"Id": {"N": "7"}}, "ConditionExpression": null}`,
  `{"TableName": "${TableName}", "Item": null}`,
  `{"TableName": "${TableName}", "Item": []}`,
  `{"TableName": "${TableName}", "Item": {}}`,
  `{"TableName": null, "Item": {"Id": {"N": "7"}}}`,
  `{"TableName": 7, "Item": {"Id": {"N": "7"}}}`,
  `{"TableName": "${TableName}", "Item": {"Id": {"N": "7"}, "A": {"S": "\\ud800"}}}`,
  `[]`,
  `null`,
  `{`,
];

/** Sends bodies as they are, and after each what is stored then. */
async function converseRaw(configuration: ConstructorParameters<typeof DynamoDB>[0]): Promise<unknown[]> {
  const seen: unknown[] = [];
  const reader = new DynamoDB({ ...configuration, maxAttempts: 1 });
  for (const body of rawRequests) {
    const writer = new DynamoDB({ ...configuration, maxAttempts: 1 });
    writer.middlewareStack.add(
      (next) => (call) => {
        const request = call.request as { body: string; headers: Record<string, string> };
        request.body = body;
        request.headers["content-length"] = String(Buffer.byteLength(body));
        return next(call);
      },
      { step: "build", priority: "low" },
    );
    const outcome = await writer.putItem({ TableName, Item: { Id: { N: "7" } } }).then(
      () => "done",
      ({ name, message }: Error) => ({ name, message }),
    );
    const { Item } = await reader.getItem({ TableName, Key: { Id: { N: "7" } }, ReturnConsumedCapacity: "TOTAL" });
    await reader.deleteItem({ TableName, Key: { Id: { N: "7" } } });
    seen.push({ body, outcome, Item });
    writer.destroy();
  }
  reader.destroy();
  return seen;
}

test("items that go around the schemas are answered as the others are", async () => {
  const outcomes: unknown[][] = [];
  for (const isDirect of [true, false]) {
    await using sql = await openTestSql();
    const clock = { now: () => new Date() };
    const ports = { sql, resources: createResources({ sql }), items: createItems({ sql }), clock };
    const route = createItemRoute(ports);
    let taken = 0;
    let declined = 0;
    const counted = {
      ...route,
      handle: (exchange: Parameters<typeof route.handle>[0]) => {
        taken++;
        const decline = () => {
          declined++;
          exchange.decline();
        };
        route.handle({ ...exchange, decline });
      },
    };
    await using server = await startWire({
      services: [createDynamoDbService(ports)],
      directRoutes: isDirect ? [counted] : [],
    });
    const client = new DynamoDB({ ...clientConfig(server), maxAttempts: 1 });
    await client.createTable({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "N" }],
      KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
    });
    outcomes.push([...(await converse(client)), ...(await converseRaw(clientConfig(server)))]);
    client.destroy();
    assert.equal(taken > 20, isDirect);
    assert.equal(declined > 5 && declined < taken, isDirect);
  }
  const [direct, bySchemas] = outcomes;
  assert.deepEqual(direct, bySchemas);
});

test("after everything was deleted and ids began anew, no remembered table is taken for a new one", async () => {
  await using sql = await openTestSql();
  const ports = {
    sql,
    resources: createResources({ sql }),
    items: createItems({ sql }),
    clock: { now: () => new Date() },
  };
  const services = [createDynamoDbService(ports)];
  await using server = await startWire({ services, directRoutes: [createItemRoute(ports)] });
  const client = new DynamoDB({ ...clientConfig(server), maxAttempts: 1 });
  const create = (name: string, AttributeType: "S" | "N") =>
    client.createTable({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "Id", AttributeType }],
      KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
    });
  await create("Former", "N");
  await client.putItem({ TableName: "Former", Item: { Id: { N: "1" } } });
  await resetDatabase(sql);
  await create("Latter", "S");
  await client.putItem({ TableName: "Latter", Item: { Id: { S: "1" } } });
  await assert.rejects(client.putItem({ TableName: "Former", Item: { Id: { N: "1" } } }), {
    name: "ResourceNotFoundException",
  });
  assert.equal((await client.scan({ TableName: "Latter" })).Count, 1);
  client.destroy();
});

test("a put that failed is not tried again", async () => {
  await using sql = await openTestSql();
  const stored = createItems({ sql });
  let puts = 0;
  const items = {
    ...stored,
    async put() {
      puts++;
      throw new Error("The connection was lost");
    },
  };
  const ports = { sql, resources: createResources({ sql }), items, clock: { now: () => new Date() } };
  const services = [createDynamoDbService(ports)];
  await using server = await startWire({ services, directRoutes: [createItemRoute(ports)] });
  const client = new DynamoDB({ ...clientConfig(server), maxAttempts: 1 });
  await client.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "N" }],
    KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
  });
  await assert.rejects(client.putItem({ TableName, Item: { Id: { N: "1" } } }), { $fault: "server" });
  assert.equal(puts, 1);
  client.destroy();
});
