import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { ApplicationContext } from "../application-context.ts";
import { BY_TIME_INDEX } from "../storage/read-rows.ts";

export interface TableDefinition {
  readonly name: string;
  /** The one key, a string. */
  readonly key: string;
  /** Whether it has the index `by-time`: by `kind`, then by `timestamp`. */
  readonly isListedByTime?: boolean;
  /** The attribute (seconds since 1970) after which DynamoDB deletes a row. */
  readonly expiry?: string;
}

/** AWS takes some ten seconds for a table; Rondo has it at once. */
const WAIT_SECONDS = 120;

/** Makes the table unless it is there, and waits until it can be used. Paid by request, so that one that nobody uses costs nothing. */
export async function ensureTable(
  { dynamodb }: ApplicationContext,
  definition: TableDefinition,
  signal?: AbortSignal,
): Promise<void> {
  const { name, expiry } = definition;
  try {
    await dynamodb.send(new CreateTableCommand(tableInput(definition)), { abortSignal: signal });
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client: dynamodb, maxWaitTime: WAIT_SECONDS, minDelay: 1, maxDelay: 5, ...(signal && { abortSignal: signal }) },
    { TableName: name },
  );
  if (expiry === undefined) return;
  if (await isExpiring(dynamodb, name)) return;
  try {
    const TimeToLiveSpecification = { AttributeName: expiry, Enabled: true };
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  } catch (error) {
    // AWS refuses to switch on what another start has switched on in the meantime.
    if (!(await isExpiring(dynamodb, name))) throw error;
  }
}

async function isExpiring(dynamodb: DynamoDBClient, name: string): Promise<boolean> {
  const { TimeToLiveDescription: ttl } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }));
  return ttl?.TimeToLiveStatus === "ENABLED" || ttl?.TimeToLiveStatus === "ENABLING";
}

function tableInput({ name, key, isListedByTime = false }: TableDefinition): CreateTableCommandInput {
  const attributes = isListedByTime ? [key, "kind", "timestamp"] : [key];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
    ...(isListedByTime && {
      GlobalSecondaryIndexes: [
        {
          IndexName: BY_TIME_INDEX,
          KeySchema: [
            { AttributeName: "kind", KeyType: "HASH" },
            { AttributeName: "timestamp", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  };
}
