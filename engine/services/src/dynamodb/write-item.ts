import type { ItemContent, ItemUpdate } from "@rondo/store";
import { type AwsError, awsError } from "@rondo/wire";
import { type Item, sizeOfItem, toSdkItem } from "./attribute-value.ts";
import { checkIndexKeys } from "./item-key.ts";
import type { TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";

/** Bytes of an item by DynamoDB's rules. */
const MAX_ITEM_BYTES = 400 * 1024;

/** One write of an item, whatever operation it stands in. */
export interface ItemWriteRequest {
  readonly key: Buffer;
  /** Of the item as it is; of an empty one when there is none. */
  readonly condition?: ((item: Item) => boolean) | undefined;
  /** ReturnValuesOnConditionCheckFailure: ALL_OLD. */
  readonly returnsOldOnFailure: boolean;
  /** Of a put: made before the item is read, so that what is wrong with it is said whatever the condition says. */
  readonly content?: ItemContent;
  /** The new item; undefined deletes. Has no effects: it may be called again. */
  readonly change: (current: Item | undefined) => Item | undefined;
}

/** What a write did; both are undefined where there was or is no item. */
export interface WrittenItem {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** A write as the store takes it: read, tested, changed, checked. */
export function toItemUpdate(table: TableDefinition, request: ItemWriteRequest): ItemUpdate<WrittenItem> {
  return {
    table: table.itemTable,
    key: request.key,
    decide(current) {
      const before = current === undefined ? undefined : (JSON.parse(current) as Item);
      if (request.condition?.(before ?? {}) === false) throw conditionFailed(request, before);
      const after = request.change(before);
      const next =
        after === before
          ? "unchanged"
          : after === undefined
            ? "delete"
            : (request.content ?? toContent(table, after, { isUpdate: true }));
      return { next, result: { before, after } };
    },
  };
}

/** An item as it is stored. Throws ValidationException for index keys of a wrong type and for more than 400 KB. */
export function toContent(table: TableDefinition, item: Item, { isUpdate = false } = {}): ItemContent {
  checkIndexKeys(item, table.indexes);
  const size = sizeOfItem(item);
  if (size > MAX_ITEM_BYTES) {
    throw validationError(
      isUpdate
        ? "Item size to update has exceeded the maximum allowed size"
        : "Item size has exceeded the maximum allowed size",
    );
  }
  return { value: JSON.stringify(item), size };
}

function conditionFailed({ returnsOldOnFailure }: ItemWriteRequest, before: Item | undefined): AwsError {
  return awsError(
    "ConditionalCheckFailedException",
    "The conditional request failed",
    returnsOldOnFailure && before !== undefined ? { fields: { Item: toSdkItem(before) } } : {},
  );
}
