import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { groupCalls } from "./group-calls.ts";

/** What every row has: when it was written, ISO 8601. Of two rows with one key the later one holds. */
export interface StampedRow {
  readonly timestamp: string;
}

/** A DynamoDB table whose rows are plain objects with one key. */
export interface DocumentTable<Row extends StampedRow> {
  readonly name: string;
  /** Writes the row over whatever has its key. Rows that come together share requests. */
  put(row: Row): Promise<void>;
  /** Writes the row unless one with a later timestamp is there; false when there is. */
  putUnlessNewer(row: Row): Promise<boolean>;
  /** The row with this key, read consistently. Keys that are asked for together share requests. */
  get(key: string): Promise<Row | undefined>;
  /** Throws when the table does not answer. */
  check(signal: AbortSignal): Promise<string>;
}

export interface DocumentTableOptions {
  readonly dynamodb: DynamoDBClient;
  readonly name: string;
  /** `feedback_id` */
  readonly key: string;
  /** What rows wait for before they are written, so that more of them share a request. Default: nothing. */
  readonly gatherPuts?: () => Promise<unknown>;
}

type Item = Record<string, AttributeValue>;

/** Limits of AWS: items of a BatchWriteItem, keys of a BatchGetItem. */
const MOST_WRITES = 25;
const MOST_READS = 100;
/** Requests of one group, which run at the same time. */
const REQUESTS = 4;
/** AWS returns what it could not do; after so many rounds it is throttling. */
const ROUNDS = 8;
const FIRST_PAUSE_MS = 25;

/** @example `createDocumentTable<Feedback>({ dynamodb, name: "feedback-table", key: "feedback_id" })` */
export function createDocumentTable<Row extends StampedRow>(options: DocumentTableOptions): DocumentTable<Row> {
  const { dynamodb, name, key, gatherPuts: gather } = options;
  const keyOf = (row: object): string => String((row as Record<string, unknown>)[key]);

  async function writeItems(items: readonly Item[]): Promise<void> {
    let requests = items.map((Item) => ({ PutRequest: { Item } }));
    await untilDone(async () => {
      const { UnprocessedItems = {} } = await dynamodb.send(
        new BatchWriteItemCommand({ RequestItems: { [name]: requests } }),
      );
      requests = (UnprocessedItems[name] ?? []) as typeof requests;
      return requests.length === 0;
    });
  }

  async function readItems(keys: readonly Item[]): Promise<Row[]> {
    let wanted = [...keys];
    const rows: Row[] = [];
    await untilDone(async () => {
      const request = { [name]: { Keys: wanted, ConsistentRead: true } };
      const { Responses = {}, UnprocessedKeys = {} } = await dynamodb.send(
        new BatchGetItemCommand({ RequestItems: request }),
      );
      // Rows of this table were written by `put`.
      rows.push(...(Responses[name] ?? []).map((item) => unmarshall(item) as Row));
      wanted = UnprocessedKeys[name]?.Keys ?? [];
      return wanted.length === 0;
    });
    return rows;
  }

  return {
    name,

    put: groupCalls<Row, void>(
      async (rows) => {
        // A request may name a key once: the last row holds.
        const items = [...new Map(rows.map((row) => [keyOf(row), row])).values()].map(toItem);
        await Promise.all(parts(items, MOST_WRITES).map(writeItems));
        return rows.map(() => undefined);
      },
      { most: REQUESTS * MOST_WRITES, ...(gather !== undefined && { gather }) },
    ),

    async putUnlessNewer(row) {
      try {
        await dynamodb.send(
          new PutItemCommand({
            TableName: name,
            Item: toItem(row),
            ConditionExpression: "attribute_not_exists(#key) OR #timestamp <= :timestamp",
            ExpressionAttributeNames: { "#key": key, "#timestamp": "timestamp" },
            ExpressionAttributeValues: marshall({ ":timestamp": row.timestamp }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    get: groupCalls<string, Row | undefined>(
      async (keys) => {
        const different = [...new Set(keys)].map((value) => marshall({ [key]: value }));
        const read = await Promise.all(parts(different, MOST_READS).map(readItems));
        const byKey = new Map(read.flat().map((row) => [keyOf(row), row]));
        return keys.map((value) => byKey.get(value));
      },
      { most: REQUESTS * MOST_READS },
    ),

    async check(abortSignal) {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }), { abortSignal });
      if (Table?.TableStatus !== "ACTIVE") throw new Error(`The table is ${Table?.TableStatus}.`);
      return "ACTIVE";
    },
  };
}

function toItem(row: object): Item {
  return marshall(row, { removeUndefinedValues: true });
}

function parts<Value>(values: readonly Value[], size: number): Value[][] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, index) => values.slice(index * size, (index + 1) * size));
}

/** Repeats with growing pauses while AWS leaves a rest over. Throws as a throttled request when rounds run out. */
async function untilDone(attempt: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    if (await attempt()) return;
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** round));
  }
  throw Object.assign(new Error("DynamoDB left items unprocessed again and again: it asks to slow down."), {
    name: "ProvisionedThroughputExceededException",
  });
}
