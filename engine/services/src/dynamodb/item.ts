import type {
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from "@aws-sdk/client-dynamodb";
import type { Caller } from "@rondo/wire";
import { type Item, sizeOfItem, toSdkItem } from "./attribute-value.ts";
import { describeCapacity, readUnits, writeUnits } from "./consumed-capacity.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { projectPaths } from "./expression/project.ts";
import { encodeGivenKey } from "./item-key.ts";
import { refuseLegacyParameters } from "./legacy-parameters.ts";
import { readItem } from "./read-attribute-value.ts";
import { readProjection } from "./read-projection.ts";
import type { TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";
import { type ItemWriteRequest, toItemUpdate, type WrittenItem } from "./write-item.ts";

/** PutItem, GetItem, UpdateItem and DeleteItem. */
export function createItemOperations({ items, tables, requests, expressions }: DynamoDbDependencies) {
  const write = (table: TableDefinition, request: ItemWriteRequest): Promise<WrittenItem> =>
    items.update(toItemUpdate(table, request));

  async function putItem(input: PutItemInput, caller: Caller): Promise<PutItemOutput> {
    checkReturnValues(input.ReturnValues);
    return await tables.use(caller, input.TableName, async (table) => {
      const request = requests.put(table, input);
      const needsOld = request.condition ?? input.ReturnValues ?? input.ReturnConsumedCapacity;
      if (needsOld === undefined) {
        await items.put({ table: table.itemTable, key: request.key, content: request.content });
        return {};
      }
      return describeWrite(input, table, await write(table, request));
    });
  }

  async function deleteItem(input: DeleteItemInput, caller: Caller): Promise<DeleteItemOutput> {
    checkReturnValues(input.ReturnValues);
    return await tables.use(caller, input.TableName, async (table) =>
      describeWrite(input, table, await write(table, requests.delete(table, input))),
    );
  }

  async function updateItem(input: UpdateItemInput, caller: Caller): Promise<UpdateItemOutput> {
    return await tables.use(caller, input.TableName, async (table) => {
      const request = requests.update(table, input);
      const { before, after } = await write(table, request);
      const touched = (item: Item | undefined): Item | undefined => item && projectPaths(item, request.paths);
      const returned = {
        NONE: undefined,
        ALL_OLD: before,
        ALL_NEW: after,
        UPDATED_OLD: touched(before),
        UPDATED_NEW: touched(after),
      }[input.ReturnValues ?? "NONE"];
      const isPart = input.ReturnValues?.startsWith("UPDATED_") === true;
      const isShown = returned !== undefined && !(isPart && Object.keys(returned).length === 0);
      return {
        ...(isShown && { Attributes: toSdkItem(returned) }),
        ...consumed(input, table, { before, after }),
      };
    });
  }

  async function getItem(input: GetItemInput, caller: Caller): Promise<GetItemOutput> {
    refuseLegacyParameters(input);
    const project = readProjection(expressions, input);
    return await tables.use(caller, input.TableName, async (table) => {
      const key = encodeGivenKey(table.key, readItem(input.Key ?? {}));
      const value = await items.find({ table: table.itemTable, key });
      const item = value === undefined ? undefined : (JSON.parse(value) as Item);
      const units = readUnits(item === undefined ? 0 : sizeOfItem(item), { isConsistent: input.ConsistentRead });
      const capacity = describeCapacity(input.ReturnConsumedCapacity, table, { table: units, indexes: new Map() });
      return {
        ...(item && { Item: toSdkItem(project(item)) }),
        ...(capacity && { ConsumedCapacity: capacity }),
      };
    });
  }

  return { putItem, deleteItem, updateItem, getItem };
}

type WriteInput = Pick<PutItemInput, "ReturnValues" | "ReturnConsumedCapacity">;

function describeWrite(input: WriteInput, table: TableDefinition, written: WrittenItem) {
  const returned = input.ReturnValues === "ALL_OLD" ? written.before : undefined;
  return { ...(returned && { Attributes: toSdkItem(returned) }), ...consumed(input, table, written) };
}

function consumed(input: WriteInput, table: TableDefinition, written: WrittenItem) {
  if (input.ReturnConsumedCapacity === undefined) return {};
  const capacity = describeCapacity(input.ReturnConsumedCapacity, table, writeUnits(table, written));
  return capacity === undefined ? {} : { ConsumedCapacity: capacity };
}

function checkReturnValues(wish: string | undefined): void {
  if (wish === undefined || wish === "NONE" || wish === "ALL_OLD") return;
  throw validationError("Return values set to invalid value");
}
