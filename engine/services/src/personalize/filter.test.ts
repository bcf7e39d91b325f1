import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateFilterCommand,
  DeleteFilterCommand,
  DescribeFilterCommand,
  ListFiltersCommand,
} from "@aws-sdk/client-personalize";
import { createManualClock } from "@rondo/control/testing";
import { openTestSql } from "@rondo/store/testing";
import { addTestDataset, GROUP_ARN, openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

const columns = Array.from({ length: 21 }, (_, index) => `COLUMN_${String.fromCodePoint(65 + index)}`);
/** With an Items dataset that has the column GENRE and 21 more. */
async function startServer() {
  const sql = await openTestSql();
  const house = await openPersonalizeHouse(sql, createManualClock());
  const names = ["ITEM_ID", "GENRE", ...columns];
  await addTestDataset(house, Object.fromEntries(names.map((name) => [name, "string"])));
  const server = await startPersonalize(sql, house);
  const create = async (name: string, filterExpression: string) =>
    (await server.client.send(new CreateFilterCommand({ name, datasetGroupArn: GROUP_ARN, filterExpression })))
      .filterArn;
  return { ...server, create };
}

test("a filter is created, described, listed by its group and deleted", async () => {
  await using server = await startServer();
  const filterExpression = "INCLUDE ItemID WHERE Items.GENRE IN ($GENRES)";
  const filterArn = await server.create("drama", filterExpression);
  assert.equal(filterArn, "arn:aws:personalize:eu-west-1:111122223333:filter/drama");
  const { filter } = await server.client.send(new DescribeFilterCommand({ filterArn }));
  assert.equal(filter?.filterExpression, filterExpression);
  assert.equal(filter?.status, "ACTIVE");
  const { Filters } = await server.client.send(new ListFiltersCommand({ datasetGroupArn: GROUP_ARN }));
  assert.deepEqual(
    Filters?.map(({ name }) => name),
    ["drama"],
  );
  await server.client.send(new DeleteFilterCommand({ filterArn }));
  await assert.rejects(server.client.send(new DescribeFilterCommand({ filterArn })), {
    name: "ResourceNotFoundException",
  });
});

test("an expression that does not parse, or that the datasets do not have, is refused with the place", async () => {
  await using server = await startServer();
  const refused: readonly (readonly [string, RegExp])[] = [
    ["INCLUDE ItemID Items.GENRE IN (1)", /Items.* at character 16/],
    ['INCLUDE ItemID WHERE Items.COLOUR IN ("red")', /COLOUR at character .*no such field/],
    ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', /no Interactions dataset/],
  ];
  for (const [expression, message] of refused) {
    await assert.rejects(server.create("wrong", expression), { name: "InvalidInputException", message });
  }
});

test("the filters of a group use twenty fields together", async () => {
  await using server = await startServer();
  const filterBy = (names: readonly string[]) =>
    names.map((name) => `INCLUDE ItemID WHERE Items.${name} IN ("1")`).join(" | ");
  await server.create("first", filterBy(columns.slice(0, 10)));
  await server.create("second", filterBy(columns.slice(10, 20)));
  await server.create("again", filterBy(columns.slice(5, 15)));
  await assert.rejects(server.create("third", filterBy(columns.slice(20))), {
    name: "LimitExceededException",
    message: /would use 21 fields/,
  });
});
