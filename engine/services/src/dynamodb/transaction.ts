import { createHash } from "node:crypto";
import type {
  CancellationReason,
  TransactGetItemsInput,
  TransactGetItemsOutput,
  TransactWriteItem,
  TransactWriteItemsInput,
  TransactWriteItemsOutput,
} from "@aws-sdk/client-dynamodb";
import { StoreError, TransactionRefused } from "@rondo/store";
import { AwsError, awsError, type Caller, type Constraints } from "@rondo/wire";
import { type Item, sizeOfItem, toSdkItem } from "./attribute-value.ts";
import { checkDistinctKeys } from "./check-distinct-keys.ts";
import { describeCapacities, readUnits, writeUnits } from "./consumed-capacity.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { encodeGivenKey } from "./item-key.ts";
import { readItem } from "./read-attribute-value.ts";
import { readProjection } from "./read-projection.ts";
import type { TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";
import { type ItemWriteRequest, toItemUpdate, type WrittenItem } from "./write-item.ts";

/** Bytes of all items of a transaction: as they are read, or as they are written; those that are deleted or only checked count as they were. */
const MAX_BYTES = 4 << 20;

const DUPLICATE = "Transaction request cannot include multiple operations on one item";

interface PlacedWrite {
  readonly table: TableDefinition;
  readonly key: Buffer;
  readonly request: ItemWriteRequest;
}

/** TransactWriteItems and TransactGetItems: all or nothing. */
export function createTransactionOperations({ items, tables, requests, expressions }: DynamoDbDependencies) {
  async function transactWriteItems(input: TransactWriteItemsInput, caller: Caller): Promise<TransactWriteItemsOutput> {
    const actions = input.TransactItems ?? [];
    const names = actions.map((action) => tableNameOf(action));
    return await tables.useAll(caller, names, async (found) => {
      const writes = actions.map((action, at): PlacedWrite => {
        const table = found.get(names[at] ?? "") as TableDefinition;
        const request = readAction(table, action);
        return { table, key: request.key, request };
      });
      checkDistinctKeys(writes, DUPLICATE);
      const updates = writes.map(({ table, request }) => toItemUpdate(table, request));
      const token = input.ClientRequestToken && {
        accountId: caller.accountId,
        region: caller.region,
        token: input.ClientRequestToken,
        request: digestOf(actions),
      };
      const check = (written: readonly WrittenItem[]): void =>
        checkSize(written.map(({ before, after }) => sizeOfItem(after ?? before ?? {})));
      const written = await items.updateTogether(updates, { token: token || undefined, check }).catch(translateRefusal);
      if (written === undefined) return {};
      const units = written.map((one, at) => ({
        table: writes[at]?.table as TableDefinition,
        units: writeUnits(writes[at]?.table as TableDefinition, one, { isTransaction: true }),
      }));
      return describeCapacities(input.ReturnConsumedCapacity, units);
    });
  }

  function readAction(
    table: TableDefinition,
    { Put, Delete, Update, ConditionCheck }: TransactWriteItem,
  ): ItemWriteRequest {
    if (Put !== undefined) return requests.put(table, Put);
    if (Delete !== undefined) return requests.delete(table, Delete);
    if (Update !== undefined) return requests.update(table, Update);
    return requests.check(table, ConditionCheck ?? {});
  }

  async function transactGetItems(input: TransactGetItemsInput, caller: Caller): Promise<TransactGetItemsOutput> {
    const gets = (input.TransactItems ?? []).map(({ Get }) => Get ?? { TableName: undefined, Key: undefined });
    const names = gets.map(({ TableName = "" }) => TableName);
    return await tables.useAll(caller, names, async (found) => {
      const lookups = gets.map((get, at) => {
        const table = found.get(names[at] ?? "") as TableDefinition;
        const key = encodeGivenKey(table.key, readItem(get.Key ?? {}));
        return { table, key, project: readProjection(expressions, get) };
      });
      checkDistinctKeys(lookups, DUPLICATE);
      const values = await items.findTogether(lookups.map(({ table, key }) => ({ table: table.itemTable, key })));
      const read = values.map((value) => (value === undefined ? undefined : (JSON.parse(value) as Item)));
      const sizes = read.map((item) => (item === undefined ? 0 : sizeOfItem(item)));
      checkSize(sizes);
      const units = lookups.map(({ table }, at) => ({
        table,
        units: { table: readUnits(sizes[at] ?? 0, { isTransaction: true }), indexes: new Map() },
      }));
      return {
        Responses: lookups.map(({ project }, at) => {
          const item = read[at];
          return item === undefined ? {} : { Item: toSdkItem(project(item)) };
        }),
        ...describeCapacities(input.ReturnConsumedCapacity, units),
      };
    });
  }

  return { transactWriteItems, transactGetItems };
}

function tableNameOf({ Put, Delete, Update, ConditionCheck }: TransactWriteItem): string {
  const given = [Put, Delete, Update, ConditionCheck].filter((action) => action !== undefined);
  const [action] = given;
  if (action === undefined || given.length > 1) {
    throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return action.TableName ?? "";
}

function checkSize(sizes: readonly number[]): void {
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BYTES) {
    throw validationError("The aggregate size of the items in the transaction exceeds 4 MB");
  }
}

/** The same actions have the same digest, whatever bytes the client wrote them in. */
function digestOf(actions: readonly TransactWriteItem[]): Buffer {
  return createHash("sha256").update(JSON.stringify(actions)).digest();
}

function translateRefusal(error: unknown): never {
  if (error instanceof TransactionRefused) throw cancelled(error.reasons);
  if (error instanceof StoreError && error.code === "IdempotentParameterMismatch") {
    throw awsError(
      "IdempotentParameterMismatchException",
      "Encountered an idempotent parameter mismatch: the client token was used with different parameters.",
    );
  }
  throw error;
}

const reasonCodes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: "ConditionalCheckFailed",
  ValidationException: "ValidationError",
};

function cancelled(errors: readonly unknown[]): AwsError {
  const reasons = errors.map((error): CancellationReason => {
    if (error === undefined) return { Code: "None" };
    const code = error instanceof AwsError ? reasonCodes[error.code] : undefined;
    if (!(error instanceof AwsError) || code === undefined) throw error;
    const item = error.fields.Item as CancellationReason["Item"];
    return { Code: code, Message: error.message, ...(item && { Item: item }) };
  });
  return awsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
    { fields: { CancellationReasons: reasons } },
  );
}

export const transactionConstraints: Constraints = {
  "TransactWriteItemsInput.TransactItems": { min: 1, max: 100 },
  "TransactWriteItemsInput.ClientRequestToken": { min: 1, max: 36 },
  "TransactGetItemsInput.TransactItems": { min: 1, max: 100 },
};
