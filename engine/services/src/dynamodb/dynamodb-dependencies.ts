import type { Items, Resources, Sql } from "@rondo/store";
import type { ParsedExpressions } from "./expression/parsed-expressions.ts";
import type { ItemRequests } from "./item-requests.ts";
import type { TableFinder } from "./tables.ts";

/** What the operations of DynamoDB are made of. */
export interface DynamoDbDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly items: Items;
  readonly clock: { now(): Date };
  readonly tables: TableFinder;
  readonly expressions: ParsedExpressions;
  readonly requests: ItemRequests;
}
