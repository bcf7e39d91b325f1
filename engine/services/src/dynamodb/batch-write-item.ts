import type { BatchWriteItemInput, BatchWriteItemOutput, WriteRequest } from "@aws-sdk/client-dynamodb";
import type { Caller } from "@rondo/wire";
import { checkDistinctKeys } from "./check-distinct-keys.ts";
import { describeCapacities, writeUnits } from "./consumed-capacity.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import type { TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";
import { type ItemWriteRequest, toItemUpdate } from "./write-item.ts";

const MAX_WRITES = 25;

interface BatchWrite {
  readonly table: TableDefinition;
  readonly key: Buffer;
  readonly request: ItemWriteRequest;
}

/**
 * BatchWriteItem: many items of several tables, each for itself; what is wrong with one of them refuses all before the first is written. 25 items are
 * within 16 MB, so nothing is left unprocessed.
 */
export function createBatchWriteItem({ items, tables, requests }: DynamoDbDependencies) {
  function readWrite(table: TableDefinition, { PutRequest: put, DeleteRequest: remove }: WriteRequest): BatchWrite {
    if ((put === undefined) === (remove === undefined)) {
      throw validationError("A WriteRequest must contain exactly one of PutRequest and DeleteRequest");
    }
    const request = put === undefined ? requests.delete(table, remove ?? {}) : requests.put(table, put);
    return { table, key: request.key, request };
  }

  return async function batchWriteItem(input: BatchWriteItemInput, caller: Caller): Promise<BatchWriteItemOutput> {
    const { RequestItems: asked = {} } = input;
    if (Object.values(asked).reduce((count, writes) => count + writes.length, 0) > MAX_WRITES) {
      throw validationError("Too many items requested for the BatchWriteItem call");
    }
    const requested = Object.entries(asked).flatMap(([name, list]) => list.map((one) => ({ name, one })));
    await tables.useAll(caller, Object.keys(asked), async (definitions) => {
      const writes = requested.map(({ name, one }) => readWrite(definitions.get(name) as TableDefinition, one));
      checkDistinctKeys(writes, "Provided list of item keys contains duplicates");
    });
    // Each with a definition of its own: when a table changes meanwhile, only what was not written is tried again.
    const consumed = await Promise.all(
      requested.map(({ name, one }) =>
        tables.use(caller, name, async (table) => {
          const written = await items.update(toItemUpdate(table, readWrite(table, one).request));
          return { table, units: writeUnits(table, written) };
        }),
      ),
    );
    return { UnprocessedItems: {}, ...describeCapacities(input.ReturnConsumedCapacity, consumed) };
  };
}
