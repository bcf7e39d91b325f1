/**
 * kill -9 of the server at random moments of DynamoDB writes, again and again on the same home. After each restart every item that was acknowledged is
 * there, counters have counted what was acknowledged and at most what was sent, transactions are whole, and the index agrees with the table.
 *
 *     node conformance/src/dynamodb-crash.ts --rounds 20 --sql embedded
 *
 * The moments come from a seeded generator (`--seed`); what happens between them is up to the machine.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DynamoDB, paginateScan } from "@aws-sdk/client-dynamodb";
import { type LaunchedServer, launchServer } from "./launch-server.ts";

const TableName = "crash";
const WRITERS = 8;
const ACCOUNTS = 4;
const BALANCE = 1_000;
const killWithinMs = 1_500;

/** What was acknowledged, and what was sent at most. */
interface Promised {
  readonly items: Set<string>;
  acknowledged: number;
  sent: number;
}

const keyOf = (id: string) => ({ Id: { S: id } });

function connect(server: LaunchedServer): DynamoDB {
  Object.assign(process.env, server.variables);
  return new DynamoDB({ maxAttempts: 1 });
}

async function prepare(client: DynamoDB): Promise<void> {
  await client.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "Id", AttributeType: "S" },
      { AttributeName: "Kind", AttributeType: "S" },
    ],
    KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: "ByKind",
        KeySchema: [
          { AttributeName: "Kind", KeyType: "HASH" },
          { AttributeName: "Id", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  });
  for (let account = 0; account < ACCOUNTS; account++) {
    await client.putItem({ TableName, Item: { ...keyOf(`account-${account}`), Balance: { N: String(BALANCE) } } });
  }
}

/** Puts, counts and transfers until the server is gone. */
async function writeUntilKilled(client: DynamoDB, promised: Promised, name: string): Promise<void> {
  try {
    for (let index = 0; ; index++) {
      const id = `item-${name}-${index}`;
      await client.putItem({ TableName, Item: { ...keyOf(id), Kind: { S: "item" }, Text: { S: id.repeat(20) } } });
      promised.items.add(id);
      promised.sent++;
      await client.updateItem({
        TableName,
        Key: keyOf("counter"),
        UpdateExpression: "ADD Hits :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      });
      promised.acknowledged++;
      await client.transactWriteItems({
        TransactItems: [-1, 1].map((amount) => ({
          Update: {
            TableName,
            Key: keyOf(`account-${(index + amount + ACCOUNTS) % ACCOUNTS}`),
            UpdateExpression: "ADD Balance :a",
            ExpressionAttributeValues: { ":a": { N: String(amount) } },
          },
        })),
      });
    }
  } catch {
    // Not acknowledged: it may be there or not.
  }
}

async function verify(client: DynamoDB, promised: Promised): Promise<void> {
  const found = await listIds(client);
  const items = found.filter((id) => id.startsWith("item-"));
  const present = new Set(items);
  for (const id of promised.items) assert.ok(present.has(id), `${id} was acknowledged`);
  assert.deepEqual((await listIds(client, "ByKind")).toSorted(), items.toSorted(), "the index agrees with the table");
  const counter = await client.getItem({ TableName, Key: keyOf("counter"), ConsistentRead: true });
  const hits = Number(counter.Item?.Hits?.N ?? 0);
  assert.ok(
    hits >= promised.acknowledged && hits <= promised.sent,
    `${hits} hits of ${promised.acknowledged} to ${promised.sent}`,
  );
  let sum = 0;
  for (let account = 0; account < ACCOUNTS; account++) {
    const { Item } = await client.getItem({ TableName, Key: keyOf(`account-${account}`), ConsistentRead: true });
    sum += Number(Item?.Balance?.N);
  }
  assert.equal(sum, ACCOUNTS * BALANCE, "transfers are whole");
}

async function listIds(client: DynamoDB, IndexName?: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, IndexName })) {
    ids.push(...Items.map(({ Id }) => Id?.S ?? ""));
  }
  return ids;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "20" },
      sql: { type: "string", default: "embedded" },
      seed: { type: "string", default: "1" },
    },
  });
  const home = await mkdtemp(join(tmpdir(), "rondo-dynamodb-crash-"));
  const promised: Promised = { items: new Set(), acknowledged: 0, sent: 0 };
  const launch = () => launchServer({ home, environment: { RONDO_SQL: values.sql, DATABASE_URL: "" } });
  let state = Number(values.seed);
  try {
    let server = await launch();
    await prepare(connect(server));
    for (let round = 0; round < Number(values.rounds); round++) {
      const client = connect(server);
      const writers = Array.from({ length: WRITERS }, (_, at) => writeUntilKilled(client, promised, `${round}-${at}`));
      state = (state * 48_271) % 2_147_483_647;
      await delay(300 + (state % killWithinMs));
      server.process.kill("SIGKILL");
      await once(server.process, "exit");
      await Promise.all(writers);
      client.destroy();
      server = await launch();
      await verify(connect(server), promised);
    }
    await server[Symbol.asyncDispose]();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  const { items, acknowledged } = promised;
  console.log(
    `${values.rounds} crashes on ${values.sql}: ${items.size} items and ${acknowledged} counts acknowledged, all there`,
  );
}

await main();
