import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

type LastKey = Record<string, AttributeValue> | undefined;

/** Rows of a table with a timestamp from `since` on, page by page. Reads the whole table: for work of a batch, not of a request. */
export async function* scanSince<Row>(
  dynamodb: DynamoDBClient,
  { tableName, since, signal }: { readonly tableName: string; readonly since: Date; readonly signal?: AbortSignal },
): AsyncGenerator<Row> {
  const input: ScanCommandInput = {
    TableName: tableName,
    FilterExpression: "#timestamp >= :since",
    ExpressionAttributeNames: { "#timestamp": "timestamp" },
    ExpressionAttributeValues: marshall({ ":since": since.toISOString() }),
  };
  let last: LastKey;
  do {
    const page = await dynamodb.send(new ScanCommand({ ...input, ExclusiveStartKey: last }), { abortSignal: signal });
    // Rows of this table were written by a DocumentTable of the same type.
    for (const item of page.Items ?? []) yield unmarshall(item) as Row;
    last = page.LastEvaluatedKey;
  } while (last !== undefined);
}

/** The index that the tables of evaluations and runs have: by what the row is, then by its time. */
export const BY_TIME_INDEX = "by-time";

/** Rows of one kind, latest first, page by page. */
export async function* latestRows<Row>(
  dynamodb: DynamoDBClient,
  { tableName, kind, signal }: { readonly tableName: string; readonly kind: string; readonly signal?: AbortSignal },
): AsyncGenerator<Row> {
  const input: QueryCommandInput = {
    TableName: tableName,
    IndexName: BY_TIME_INDEX,
    KeyConditionExpression: "#kind = :kind",
    ExpressionAttributeNames: { "#kind": "kind" },
    ExpressionAttributeValues: marshall({ ":kind": kind }),
    ScanIndexForward: false,
    Limit: 25,
  };
  let last: LastKey;
  do {
    const page = await dynamodb.send(new QueryCommand({ ...input, ExclusiveStartKey: last }), { abortSignal: signal });
    for (const item of page.Items ?? []) yield unmarshall(item) as Row;
    last = page.LastEvaluatedKey;
  } while (last !== undefined);
}
