import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
} from "@aws-sdk/client-dynamodb";

export const TABLE = "bench-items";
export const ITEMS = 256;

/** A table with a hash and a range key, unless an earlier scenario made it. */
export async function prepareItemTable(): Promise<void> {
  const command = new CreateTableCommand({
    TableName: TABLE,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "user", AttributeType: "S" },
      { AttributeName: "at", AttributeType: "N" },
    ],
    KeySchema: [
      { AttributeName: "user", KeyType: "HASH" },
      { AttributeName: "at", KeyType: "RANGE" },
    ],
  });
  await new DynamoDBClient().send(command).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
}

export function keyOf(index: number): Record<string, AttributeValue> {
  return { user: { S: `user-${index}` }, at: { N: String(1_700_000_000 + index) } };
}

/** A feedback as an application stores it, about 1 KiB. */
export function itemOf(index: number): Record<string, AttributeValue> {
  return {
    ...keyOf(index),
    text: { S: `feedback ${index} `.repeat(60).slice(0, 850) },
    sentiment: { S: index % 2 === 0 ? "positive" : "negative" },
    confidence: { N: "0.9731" },
    tags: { SS: ["web", "checkout"] },
    model: { M: { name: { S: "sentiment" }, version: { N: "12" } } },
  };
}
