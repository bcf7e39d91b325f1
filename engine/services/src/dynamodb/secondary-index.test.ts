import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type AttributeValue, DynamoDB, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { startTestServer, type TestServer } from "@rondo/server/testing";

const TableName = "GameScores";

describe("secondary indexes", () => {
  let server: TestServer;
  let client: DynamoDB;

  before(async () => {
    server = await startTestServer();
    client = new DynamoDB(server.clientConfig);
    await client.createTable({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "UserId", AttributeType: "S" },
        { AttributeName: "GameTitle", AttributeType: "S" },
        { AttributeName: "TopScore", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "UserId", KeyType: "HASH" },
        { AttributeName: "GameTitle", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "GameTitleIndex",
          KeySchema: [
            { AttributeName: "GameTitle", KeyType: "HASH" },
            { AttributeName: "TopScore", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["Wins"] },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "ScoreIndex",
          KeySchema: [
            { AttributeName: "UserId", KeyType: "HASH" },
            { AttributeName: "TopScore", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
    for (let user = 0; user < 20; user++) {
      await client.putItem({ TableName, Item: scoreOf(user, user % 2 === 0 ? String(user - 10) : undefined) });
    }
  });

  after(async () => {
    client.destroy();
    await server.close();
  });

  function scoreOf(user: number, score: string | undefined): Record<string, AttributeValue> {
    return {
      UserId: { S: `user-${user}` },
      GameTitle: { S: "Galaxy" },
      ...(score !== undefined && { TopScore: { N: score } }),
      Wins: { N: String(user) },
      Losses: { N: "3" },
    };
  }

  const galaxy = (more: object = {}) =>
    client.query({
      TableName,
      IndexName: "GameTitleIndex",
      KeyConditionExpression: "GameTitle = :t",
      ExpressionAttributeValues: { ":t": { S: "Galaxy" } },
      ...more,
    });

  const scores = (items: readonly Record<string, AttributeValue>[] = []) => items.map(({ TopScore }) => TopScore?.N);

  test("an index holds only the items that have its keys, in their order and with their projection", async () => {
    const { Items } = await galaxy();
    assert.deepEqual(scores(Items), ["-10", "-8", "-6", "-4", "-2", "0", "2", "4", "6", "8"]);
    assert.deepEqual(Object.keys(Items?.[0] ?? {}).toSorted(), ["GameTitle", "TopScore", "UserId", "Wins"]);
    const { Table } = await client.describeTable({ TableName });
    assert.equal(Table?.ItemCount, 20);
    assert.equal(Table?.GlobalSecondaryIndexes?.[0]?.ItemCount, 10);
  });

  test("items of the same index key come page by page, in both directions, none twice", async () => {
    await Promise.all([30, 31, 32, 33, 34].map((user) => client.putItem({ TableName, Item: scoreOf(user, "0") })));
    for (const ScanIndexForward of [true, false]) {
      const seen: (string | undefined)[] = [];
      let start: Record<string, AttributeValue> | undefined;
      do {
        const page = await galaxy({ ScanIndexForward, Limit: 2, ExclusiveStartKey: start });
        seen.push(...(page.Items ?? []).map(({ UserId }) => UserId?.S));
        start = page.LastEvaluatedKey;
        if (start !== undefined) {
          assert.deepEqual(Object.keys(start).toSorted(), ["GameTitle", "TopScore", "UserId"]);
        }
      } while (start !== undefined);
      assert.equal(seen.length, 15);
      assert.equal(new Set(seen).size, 15);
    }
    await Promise.all(
      [30, 31, 32, 33, 34].map((user) =>
        client.deleteItem({ TableName, Key: { UserId: { S: `user-${user}` }, GameTitle: { S: "Galaxy" } } }),
      ),
    );
    assert.equal((await galaxy({ Select: "COUNT" })).Count, 10);
  });

  test("an update moves, adds and removes an item's entry at once", async () => {
    const Key = { UserId: { S: "user-1" }, GameTitle: { S: "Galaxy" } };
    const score = async (value: string) =>
      void (await client.updateItem({
        TableName,
        Key,
        UpdateExpression: "SET TopScore = :s",
        ExpressionAttributeValues: { ":s": { N: value } },
      }));
    await score("100");
    assert.equal(scores((await galaxy()).Items).at(-1), "100");
    await score("-100");
    assert.equal(scores((await galaxy()).Items).at(0), "-100");
    assert.equal((await galaxy({ Select: "COUNT" })).Count, 11);
    await client.updateItem({ TableName, Key, UpdateExpression: "REMOVE TopScore" });
    assert.equal((await galaxy({ Select: "COUNT" })).Count, 10);
    await assert.rejects(client.putItem({ TableName, Item: { ...Key, TopScore: { S: "high" } } }), {
      name: "ValidationException",
      message: /Type mismatch for Index Key TopScore Expected: N Actual: S IndexName: (GameTitleIndex|ScoreIndex)/,
    });
  });

  test("a local index reads from the table what it does not hold; a global one refuses", async () => {
    const local = await client.query({
      TableName,
      IndexName: "ScoreIndex",
      KeyConditionExpression: "UserId = :u AND TopScore > :s",
      ProjectionExpression: "Losses",
      ExpressionAttributeValues: { ":u": { S: "user-0" }, ":s": { N: "-11" } },
      ConsistentRead: true,
    });
    assert.deepEqual(local.Items, [{ Losses: { N: "3" } }]);
    await assert.rejects(galaxy({ ProjectionExpression: "Losses" }), { name: "ValidationException" });
    await assert.rejects(galaxy({ ConsistentRead: true }), {
      message: "Consistent reads are not supported on global secondary indexes",
    });
    await assert.rejects(galaxy({ IndexName: "NoIndex" }), {
      message: "The table does not have the specified index: NoIndex",
    });
  });

  test("what cannot be in an index that is added stays outside of it", async () => {
    await client.createTable({
      TableName: "Violations",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
    });
    const texts: readonly AttributeValue[] = [{ S: "ok" }, { S: "" }, { S: "x".repeat(20_000) }, { N: "1" }];
    for (const [at, Text] of texts.entries()) {
      await client.putItem({ TableName: "Violations", Item: { Id: { S: String(at) }, Text } });
    }
    await client.updateTable({
      TableName: "Violations",
      AttributeDefinitions: [
        { AttributeName: "Id", AttributeType: "S" },
        { AttributeName: "Text", AttributeType: "S" },
      ],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "ByText",
            KeySchema: [
              { AttributeName: "Id", KeyType: "HASH" },
              { AttributeName: "Text", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        },
      ],
    });
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: "Violations" });
    const { Items } = await client.scan({ TableName: "Violations", IndexName: "ByText" });
    assert.deepEqual(Items, [{ Id: { S: "0" }, Text: { S: "ok" } }]);
  });

  test("an index that is added holds what was there before and what is written meanwhile; one that is deleted is gone", async () => {
    await client.updateTable({
      TableName,
      AttributeDefinitions: [{ AttributeName: "Wins", AttributeType: "N" }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "WinsIndex",
            KeySchema: [{ AttributeName: "Wins", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        },
      ],
    });
    await Promise.all([40, 41, 42].map((user) => client.putItem({ TableName, Item: scoreOf(user, undefined) })));
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
    const found = await Promise.all(
      [3, 19, 41].map((wins) =>
        client.query({
          TableName,
          IndexName: "WinsIndex",
          KeyConditionExpression: "Wins = :w",
          ExpressionAttributeValues: { ":w": { N: String(wins) } },
        }),
      ),
    );
    assert.deepEqual(
      found.map(({ Items }) => Items?.map(({ UserId, Losses }) => [UserId?.S, Losses?.N])),
      [[["user-3", "3"]], [["user-19", "3"]], [["user-41", "3"]]],
    );
    assert.equal((await client.scan({ TableName, IndexName: "WinsIndex" })).Count, 23);
    await client.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "WinsIndex" } }] });
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
    await assert.rejects(client.scan({ TableName, IndexName: "WinsIndex" }), { name: "ValidationException" });
    const { Table } = await client.describeTable({ TableName });
    assert.deepEqual(
      Table?.AttributeDefinitions?.map(({ AttributeName }) => AttributeName),
      ["UserId", "GameTitle", "TopScore"],
    );
  });
});
