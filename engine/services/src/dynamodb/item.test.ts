import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ConditionalCheckFailedException, DynamoDB, waitUntilTableNotExists } from "@aws-sdk/client-dynamodb";
import { startTestServer, type TestServer } from "@rondo/server/testing";

const TableName = "Music";

describe("items", () => {
  let server: TestServer;
  let client: DynamoDB;

  before(async () => {
    server = await startTestServer();
    client = new DynamoDB(server.clientConfig);
    await client.createTable({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "Artist", AttributeType: "S" },
        { AttributeName: "Track", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "Artist", KeyType: "HASH" },
        { AttributeName: "Track", KeyType: "RANGE" },
      ],
    });
  });

  after(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });

  const keyOf = (artist: string, track: string) => ({ Artist: { S: artist }, Track: { N: track } });

  test("an item of every type comes back as it was put, with numbers in their normal form", async () => {
    const Item = {
      ...keyOf("Kraftwerk", "1"),
      Number: { N: "12345678901234567890123456789012345678" },
      Small: { N: "-0.000000000000000000000000000000000001" },
      Binary: { B: Uint8Array.of(0, 255, 128) },
      Strings: { SS: ["b", "a"] },
      Numbers: { NS: ["1", "2.5"] },
      Binaries: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
      Map: { M: { List: { L: [{ S: "" }, { NULL: true }, { BOOL: false }] }, __proto: { S: "x" } } },
      Unicode: { S: "\u0000 ü 🎵" },
    };
    await client.putItem({ TableName, Item: { ...Item, Padded: { N: "0012.500" } } });
    const found = await client.getItem({ TableName, Key: keyOf("Kraftwerk", "1.0"), ConsistentRead: true });
    assert.deepEqual(found.Item, { ...Item, Padded: { N: "12.5" } });
    assert.equal((await client.getItem({ TableName, Key: keyOf("Kraftwerk", "2") })).Item, undefined);
  });

  test("a hundred increments at once are a hundred", async () => {
    const increment = () =>
      client.updateItem({
        TableName,
        Key: keyOf("Counter", "0"),
        UpdateExpression: "SET Plays = if_not_exists(Plays, :zero) + :one ADD Plays2 :one",
        ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      });
    const answers = await Promise.all(Array.from({ length: 100 }, increment));
    const seen = new Set(answers.map(({ Attributes }) => Attributes?.Plays?.N));
    assert.equal(seen.size, 100);
    const { Item } = await client.getItem({ TableName, Key: keyOf("Counter", "0") });
    assert.deepEqual([Item?.Plays?.N, Item?.Plays2?.N], ["100", "100"]);
  });

  test("of many conditional puts of one key exactly one wins", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, by) =>
        client.putItem({
          TableName,
          Item: { ...keyOf("Once", "0"), By: { N: String(by) } },
          ConditionExpression: "attribute_not_exists(Artist)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      ),
    );
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    const refusals = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason as unknown);
    assert.equal(refusals.length, 49);
    for (const refusal of refusals) {
      assert.ok(refusal instanceof ConditionalCheckFailedException);
      assert.equal(refusal.message, "The conditional request failed");
      assert.equal(refusal.Item?.By?.N, String(winner));
    }
  });

  test("ReturnValues say what was and what is", async () => {
    const Key = keyOf("Returned", "0");
    await client.putItem({ TableName, Item: { ...Key, A: { N: "1" }, M: { M: { B: { S: "x" }, C: { S: "y" } } } } });
    const update = (ReturnValues: "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW") =>
      client.updateItem({
        TableName,
        Key,
        UpdateExpression: "SET A = A + :one, M.B = :b REMOVE M.C",
        ExpressionAttributeValues: { ":one": { N: "1" }, ":b": { S: ReturnValues } },
        ReturnValues,
      });
    const old = await update("UPDATED_OLD");
    assert.deepEqual(old.Attributes, { A: { N: "1" }, M: { M: { B: { S: "x" }, C: { S: "y" } } } });
    const next = await update("UPDATED_NEW");
    assert.deepEqual(next.Attributes, { A: { N: "3" }, M: { M: { B: { S: "UPDATED_NEW" } } } });
    const all = await update("ALL_NEW");
    assert.deepEqual(all.Attributes, { ...Key, A: { N: "4" }, M: { M: { B: { S: "ALL_NEW" } } } });
    const deleted = await client.deleteItem({ TableName, Key, ReturnValues: "ALL_OLD" });
    assert.deepEqual(deleted.Attributes, all.Attributes);
    assert.equal((await client.deleteItem({ TableName, Key, ReturnValues: "ALL_OLD" })).Attributes, undefined);
  });

  test("a range key sorts as a number, in both directions and page by page", async () => {
    const tracks = ["-1E+125", "-10", "-9.99", "-1E-130", "0", "1E-130", "0.5", "9", "10", "10.01", "1E+125"];
    await Promise.all(
      tracks.map((track) => client.putItem({ TableName, Item: { ...keyOf("Sorted", track), Given: { S: track } } })),
    );
    const all = {
      TableName,
      KeyConditionExpression: "Artist = :a",
      ExpressionAttributeValues: { ":a": { S: "Sorted" } },
    };
    const { Items = [] } = await client.query(all);
    assert.deepEqual(
      Items.map(({ Given }) => Given?.S),
      tracks,
    );
    const backward: (string | undefined)[] = [];
    let start: (typeof Items)[number] | undefined;
    do {
      const page = await client.query({ ...all, ScanIndexForward: false, Limit: 4, ExclusiveStartKey: start });
      backward.push(...(page.Items ?? []).map(({ Given }) => Given?.S));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    assert.deepEqual(backward, tracks.toReversed());
    const between = await client.query({
      ...all,
      KeyConditionExpression: "Artist = :a AND Track BETWEEN :low AND :high",
      ExpressionAttributeValues: { ":a": { S: "Sorted" }, ":low": { N: "-9.99" }, ":high": { N: "1.0E1" } },
    });
    assert.deepEqual(
      between.Items?.map(({ Given }) => Given?.S),
      tracks.slice(2, 9),
    );
  });

  test("a table that is deleted is gone with its items, and its name is free", async () => {
    const name = "ShortLived";
    const create = () =>
      client.createTable({
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
      });
    await create();
    await client.putItem({ TableName: name, Item: { Id: { S: "1" } } });
    assert.equal((await client.describeTable({ TableName: name })).Table?.ItemCount, 1);
    await assert.rejects(create(), { name: "ResourceInUseException", message: "Table already exists: ShortLived" });
    await client.deleteTable({ TableName: name });
    await waitUntilTableNotExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: name });
    await assert.rejects(client.getItem({ TableName: name, Key: { Id: { S: "1" } } }), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    await create();
    assert.equal((await client.scan({ TableName: name })).Count, 0);
  });
});
