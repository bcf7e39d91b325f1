import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { AttributeValue, DynamoDB } from "@aws-sdk/client-dynamodb";
import { type CatalogServer, startCatalogServer } from "./testing/catalog.ts";

const TableName = "ProductCatalog";

describe("limits and pages", () => {
  let house: CatalogServer;
  let client: DynamoDB;

  before(async () => {
    house = await startCatalogServer();
    client = house.client;
    await client.createTable({
      TableName: "Bytes",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "Hash", AttributeType: "B" },
        { AttributeName: "Range", AttributeType: "B" },
      ],
      KeySchema: [
        { AttributeName: "Hash", KeyType: "HASH" },
        { AttributeName: "Range", KeyType: "RANGE" },
      ],
    });
  });

  after(() => house[Symbol.asyncDispose]());

  const keyOf = (id: number): Record<string, AttributeValue> => ({ Id: { N: String(id) } });
  const refusal = (message: string | RegExp) => ({ name: "ValidationException", message });

  test("a page has 1 MB, and UnprocessedKeys begin at 16 MB", async () => {
    const large = { S: "x".repeat(399 * 1024) };
    for (let id = 0; id < 44; id += 11) {
      const numbers = Array.from({ length: 11 }, (_, at) => id + at);
      await Promise.all(
        numbers.map((number) => client.putItem({ TableName, Item: { ...keyOf(number), Large: large } })),
      );
    }
    const page = await client.scan({ TableName, ReturnConsumedCapacity: "TOTAL" });
    assert.equal(page.Count, 3);
    assert.ok(page.LastEvaluatedKey);
    assert.equal(page.ConsumedCapacity?.CapacityUnits, 150);
    let count = 0;
    let start: Record<string, AttributeValue> | undefined;
    do {
      const next = await client.scan({ TableName, Select: "COUNT", ExclusiveStartKey: start });
      count += next.Count ?? 0;
      start = next.LastEvaluatedKey;
    } while (start !== undefined);
    assert.equal(count, 44);
    const keys = Array.from({ length: 44 }, (_, id) => keyOf(id));
    const batch = await client.batchGetItem({ RequestItems: { [TableName]: { Keys: keys, ConsistentRead: true } } });
    assert.equal(batch.Responses?.[TableName]?.length, 41);
    assert.equal(batch.UnprocessedKeys?.[TableName]?.Keys?.length, 3);
    assert.equal(batch.UnprocessedKeys?.[TableName]?.ConsistentRead, true);
  });

  test("segments of a scan are disjoint and together whole", async () => {
    const Range = { B: Uint8Array.of(1) };
    await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        client.putItem({ TableName: "Bytes", Item: { Hash: { B: Uint8Array.of(at) }, Range } }),
      ),
    );
    const seen: string[] = [];
    for (let Segment = 0; Segment < 7; Segment++) {
      let start: Record<string, AttributeValue> | undefined;
      do {
        const query = { TableName: "Bytes", Segment, TotalSegments: 7, Limit: 5, ExclusiveStartKey: start };
        const page = await client.scan(query);
        seen.push(...(page.Items ?? []).map(({ Hash }) => String(Hash?.B)));
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    }
    assert.equal(seen.length, 60);
    assert.equal(new Set(seen).size, 60);
    await assert.rejects(
      client.scan({ TableName, Segment: 7, TotalSegments: 7 }),
      refusal(/Segment: 7 is not less than/),
    );
  });

  test("binary keys of any bytes are found and sort by bytes", async () => {
    const Hash = { B: Uint8Array.of(0, 0) };
    const ranges = [[0], [0, 0], [0, 255], [1], [255], [255, 0], [255, 255]];
    await Promise.all(
      ranges.map((range) =>
        client.putItem({ TableName: "Bytes", Item: { Hash, Range: { B: Uint8Array.from(range) } } }),
      ),
    );
    const query = async (condition: string, values: Record<string, AttributeValue> = {}) => {
      const { Items = [] } = await client.query({
        TableName: "Bytes",
        KeyConditionExpression: condition,
        ExpressionAttributeValues: { ":h": Hash, ...values },
        ExpressionAttributeNames: { "#h": "Hash", ...(Object.keys(values).length > 0 && { "#r": "Range" }) },
      });
      return Items.map(({ Range }) => Array.from(Range?.B ?? []));
    };
    const of = (...bytes: number[]) => ({ B: Uint8Array.from(bytes) });
    assert.deepEqual(await query("#h = :h"), ranges);
    assert.deepEqual(await query("#h = :h AND begins_with(#r, :r)", { ":r": of(255) }), ranges.slice(4));
    assert.deepEqual(await query("#h = :h AND #r > :r", { ":r": of(0) }), ranges.slice(1));
    assert.deepEqual(await query("#h = :h AND #r <= :r", { ":r": of(1) }), ranges.slice(0, 4));
    assert.deepEqual(await query(":r > #r AND #h = :h", { ":r": of(0, 255) }), ranges.slice(0, 2));
  });

  test("items, keys, batches and nesting beyond their limits are refused", async () => {
    const put = (Item: Record<string, AttributeValue>) => client.putItem({ TableName, Item });
    await put({ ...keyOf(1), A: { S: "x".repeat(400 * 1024 - 5) } });
    await assert.rejects(
      put({ ...keyOf(1), A: { S: "x".repeat(400 * 1024 - 4) } }),
      refusal("Item size has exceeded the maximum allowed size"),
    );
    await assert.rejects(
      client.updateItem({
        TableName,
        Key: keyOf(1),
        UpdateExpression: "SET B = :b",
        ExpressionAttributeValues: { ":b": { S: "more" } },
      }),
      refusal("Item size to update has exceeded the maximum allowed size"),
    );
    const nested = (depth: number) =>
      Array.from({ length: depth }).reduce<AttributeValue>((inner) => ({ M: { inner } }), { S: "x" });
    await put({ ...keyOf(1), A: nested(32) });
    await assert.rejects(put({ ...keyOf(1), A: nested(33) }), refusal("Nesting Levels have exceeded supported limits"));
    const bytes = (Hash: number, Range: number) =>
      client.putItem({
        TableName: "Bytes",
        Item: { Hash: { B: new Uint8Array(Hash) }, Range: { B: new Uint8Array(Range) } },
      });
    await bytes(2048, 1024);
    await assert.rejects(bytes(2049, 1), refusal(/Size of hashkey has exceeded the maximum size limit/));
    await assert.rejects(bytes(1, 1025), refusal(/Aggregated size of all range keys has exceeded/));
    await assert.rejects(bytes(1, 0), refusal(/cannot contain an empty binary value. Key: Range/));
    const keys = Array.from({ length: 101 }, (_, id) => keyOf(id));
    await assert.rejects(client.batchGetItem({ RequestItems: { [TableName]: { Keys: keys } } }), {
      name: "ValidationException",
    });
    const deletes = keys.map((Key) => ({ DeleteRequest: { Key } }));
    await assert.rejects(client.batchWriteItem({ RequestItems: { [TableName]: deletes.slice(0, 26) } }), {
      name: "ValidationException",
    });
    await assert.rejects(
      client.batchWriteItem({ RequestItems: { [TableName]: [...deletes.slice(0, 1), ...deletes.slice(0, 1)] } }),
      refusal("Provided list of item keys contains duplicates"),
    );
  });

  test("a put that is too large says so, whatever its condition says and whatever is there", async () => {
    await client.putItem({ TableName, Item: keyOf(1) });
    const Item = { ...keyOf(1), Large: { S: "x".repeat(410_000) } };
    for (const ConditionExpression of ["attribute_exists(Id)", "attribute_not_exists(Id)"]) {
      await assert.rejects(
        client.putItem({ TableName, Item, ConditionExpression }),
        refusal("Item size has exceeded the maximum allowed size"),
      );
    }
  });

  test("legacy parameters and PartiQL are refused with what to use instead", async () => {
    await assert.rejects(
      client.updateItem({ TableName, Key: keyOf(1), AttributeUpdates: { A: { Action: "DELETE" } } }),
      refusal("The legacy parameter AttributeUpdates is not supported here; use UpdateExpression."),
    );
    await assert.rejects(
      client.executeStatement({ Statement: "SELECT * FROM x" }),
      refusal(/PartiQL is not supported/),
    );
  });
});
