import type { BatchWriteItemInput, BatchWriteItemOutput, WriteRequest } from "@aws-sdk/client-dynamodb";
import type { Caller } from "@rondo/wire";
import { checkDistinctKeys } from "./check-distinct-keys.ts";
import { describeCapacities, writeUnits } from "./consumed-capacity.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import type { TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";
import { type ItemWriteRequest, toContent, toItemUpdate } from "./write-item.ts";

const MAX_WRITES = 25;

interface BatchWrite {
  readonly table: TableDefinition;
  readonly key: Buffer;
  readonly request: ItemWriteRequest;
}

/** BatchWriteItem: many items of several tables, each for itself. 25 items are within 16 MB, so nothing is left unprocessed. */
export function createBatchWriteItem({ items, tables, requests }: DynamoDbDependencies) {
  function readWrite(table: TableDefinition, { PutRequest: put, DeleteRequest: remove }: WriteRequest): BatchWrite {
    if ((put === undefined) === (remove === undefined)) {
      throw validationError("A WriteRequest must contain exactly one of PutRequest and DeleteRequest");
    }
    if (put === undefined) {
      const request = requests.delete(table, remove ?? {});
      return { table, key: request.key, request };
    }
    const request = requests.put(table, put);
    // Now: what is wrong with one item refuses all of them.
    toContent(table, request.item);
    return { table, key: request.key, request };
  }

  return async function batchWriteItem(input: BatchWriteItemInput, caller: Caller): Promise<BatchWriteItemOutput> {
    const { RequestItems: asked = {} } = input;
    if (Object.values(asked).reduce((count, writes) => count + writes.length, 0) > MAX_WRITES) {
      throw validationError("Too many items requested for the BatchWriteItem call");
    }
    return await tables.useAll(caller, Object.keys(asked), async (definitions) => {
      const writes = Object.entries(asked).flatMap(([name, list]) =>
        list.map((one) => readWrite(definitions.get(name) as TableDefinition, one)),
      );
      checkDistinctKeys(writes, "Provided list of item keys contains duplicates");
      const consumed = await Promise.all(
        writes.map(async ({ table, request }) => {
          const written = await items.update(toItemUpdate(table, request));
          return { table, units: writeUnits(table, written) };
        }),
      );
      return { UnprocessedItems: {}, ...describeCapacities(input.ReturnConsumedCapacity, consumed) };
    });
  };
}
