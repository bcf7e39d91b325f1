import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { itemOf, prepareItemTable, TABLE } from "./item-table.ts";
import type { Scenario } from "./scenario.ts";

/** Durable puts of items of 1 KiB, 256 keys over and over. */
export const putItem: Scenario = {
  name: "put-item-1-kib",
  goal: { requestsPerSecond: 5_000 },
  prepare: prepareItemTable,
  send: (index, configuration) =>
    new DynamoDBClient(configuration).send(new PutItemCommand({ TableName: TABLE, Item: itemOf(index) })),
};
