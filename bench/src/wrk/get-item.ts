import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ITEMS, itemOf, keyOf, prepareItemTable, TABLE } from "./item-table.ts";
import type { Scenario } from "./scenario.ts";

/** Gets of items of 1 KiB. */
export const getItem: Scenario = {
  name: "get-item-1-kib",
  goal: { requestsPerSecond: 5_000 },
  async prepare() {
    await prepareItemTable();
    const client = new DynamoDBClient();
    for (let index = 0; index < ITEMS; index++) {
      await client.send(new PutItemCommand({ TableName: TABLE, Item: itemOf(index) }));
    }
  },
  send: (index, configuration) =>
    new DynamoDBClient(configuration).send(new GetItemCommand({ TableName: TABLE, Key: keyOf(index % ITEMS) })),
};
