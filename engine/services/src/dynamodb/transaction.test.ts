import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type DynamoDB, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { type CatalogServer, startCatalogServer } from "./testing/catalog.ts";

const TableName = "ProductCatalog";

describe("transactions", () => {
  let house: CatalogServer;
  let client: DynamoDB;

  before(async () => {
    house = await startCatalogServer();
    client = house.client;
  });

  after(() => house[Symbol.asyncDispose]());

  const keyOf = (id: number) => ({ Id: { N: String(id) } });
  const priceOf = async (id: number) => (await client.getItem({ TableName, Key: keyOf(id) })).Item?.Price?.N;
  const transfer = (from: number, to: number, amount: string) =>
    client.transactWriteItems({
      TransactItems: [
        {
          Update: {
            TableName,
            Key: keyOf(from),
            UpdateExpression: "SET Price = Price - :a",
            ConditionExpression: "Price >= :a",
            ExpressionAttributeValues: { ":a": { N: amount } },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
        {
          Update: {
            TableName,
            Key: keyOf(to),
            UpdateExpression: "ADD Price :a",
            ExpressionAttributeValues: { ":a": { N: amount } },
          },
        },
      ],
    });

  test("all is done, or nothing with the reasons in order", async () => {
    await client.putItem({ TableName, Item: { ...keyOf(1), Price: { N: "100" } } });
    await transfer(1, 2, "30");
    assert.deepEqual([await priceOf(1), await priceOf(2)], ["70", "30"]);
    await assert.rejects(transfer(1, 2, "71"), (error) => {
      assert.ok(error instanceof TransactionCanceledException);
      assert.match(error.message, /\[ConditionalCheckFailed, None\]$/);
      assert.deepEqual(error.CancellationReasons, [
        {
          Code: "ConditionalCheckFailed",
          Message: "The conditional request failed",
          Item: { ...keyOf(1), Price: { N: "70" } },
        },
        { Code: "None" },
      ]);
      return true;
    });
    assert.deepEqual([await priceOf(1), await priceOf(2)], ["70", "30"]);
  });

  test("many at once, with plain writes between them, lose nothing", async () => {
    const accounts = Array.from({ length: 6 }, (_, id) => 100 + id);
    await Promise.all(
      accounts.map((id) => client.putItem({ TableName, Item: { ...keyOf(id), Price: { N: "1000" } } })),
    );
    const at = (index: number) => accounts[index % accounts.length] ?? 0;
    await Promise.all(
      Array.from({ length: 60 }, (_, round) =>
        round % 3 === 0
          ? client.updateItem({
              TableName,
              Key: keyOf(at(round)),
              UpdateExpression: "SET Seen = :r",
              ExpressionAttributeValues: { ":r": { N: String(round) } },
            })
          : transfer(at(round), at(round * 5 + 1), "7"),
      ),
    );
    const prices = await Promise.all(accounts.map(priceOf));
    assert.equal(
      prices.reduce((sum, price) => sum + Number(price), 0),
      6_000,
    );
  });

  test("a token makes a repetition do nothing, and refuses another request", async () => {
    const put = (id: number) => ({
      ClientRequestToken: "token-1",
      TransactItems: [
        {
          Update: {
            TableName,
            Key: keyOf(id),
            UpdateExpression: "ADD Price :one",
            ExpressionAttributeValues: { ":one": { N: "1" } },
          },
        },
      ],
    });
    await client.transactWriteItems(put(10));
    await client.transactWriteItems(put(10));
    assert.equal(await priceOf(10), "1");
    await assert.rejects(client.transactWriteItems(put(11)), { name: "IdempotentParameterMismatchException" });
  });

  test("reads belong together and keep their order", async () => {
    await client.putItem({ TableName, Item: { ...keyOf(20), Title: { S: "a" }, Price: { N: "1" } } });
    const { Responses, ConsumedCapacity } = await client.transactGetItems({
      ReturnConsumedCapacity: "TOTAL",
      TransactItems: [
        { Get: { TableName, Key: keyOf(21) } },
        { Get: { TableName, Key: keyOf(20), ProjectionExpression: "Title" } },
      ],
    });
    assert.deepEqual(Responses, [{}, { Item: { Title: { S: "a" } } }]);
    assert.deepEqual(ConsumedCapacity, [{ TableName, CapacityUnits: 4 }]);
  });

  test("more than 4 MB together are refused, and nothing is written", async () => {
    const large = { S: "x".repeat(390 * 1024) };
    const put = (count: number) =>
      client.transactWriteItems({
        TransactItems: Array.from({ length: count }, (_, at) => ({
          Put: { TableName, Item: { ...keyOf(200 + at), Large: large } },
        })),
      });
    const refusal = {
      name: "ValidationException",
      message: "The aggregate size of the items in the transaction exceeds 4 MB",
    };
    await assert.rejects(put(11), refusal);
    assert.equal((await client.getItem({ TableName, Key: keyOf(200) })).Item, undefined);
    await put(10);
    await client.putItem({ TableName, Item: { ...keyOf(210), Large: large } });
    const touch = Array.from({ length: 11 }, (_, at) => ({
      Update: {
        TableName,
        Key: keyOf(200 + at),
        UpdateExpression: "SET Seen = :t",
        ExpressionAttributeValues: { ":t": { BOOL: true } },
      },
    }));
    await assert.rejects(client.transactWriteItems({ TransactItems: touch }), refusal);
  });

  test("one item twice, nothing, and two actions in one are refused", async () => {
    const Put = { TableName, Item: keyOf(1) };
    await assert.rejects(client.transactWriteItems({ TransactItems: [{ Put }, { Put }] }), {
      message: "Transaction request cannot include multiple operations on one item",
    });
    await assert.rejects(
      client.transactWriteItems({ TransactItems: [{ Put, Delete: { TableName, Key: keyOf(2) } }] }),
      { message: "TransactItems can only contain one of Check, Put, Update or Delete" },
    );
    await assert.rejects(client.transactWriteItems({ TransactItems: [] }), { name: "ValidationException" });
  });
});
