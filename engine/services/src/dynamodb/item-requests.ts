import type { AttributeValue as SdkAttributeValue } from "@aws-sdk/client-dynamodb";
import type { ItemContent } from "@rondo/store";
import { attributeOf } from "./attribute-value.ts";
import { bindCondition } from "./expression/bind-condition.ts";
import { type BoundUpdate, bindUpdate } from "./expression/bind-update.ts";
import type { ParsedExpressions } from "./expression/parsed-expressions.ts";
import { readPlaceholders } from "./expression/placeholders.ts";
import { encodeGivenKey, encodeItemKey } from "./item-key.ts";
import { refuseLegacyParameters } from "./legacy-parameters.ts";
import { readItem } from "./read-attribute-value.ts";
import type { TableDefinition } from "./table-definition.ts";
import { invalidParameter } from "./validation-error.ts";
import { type ItemWriteRequest, toContent } from "./write-item.ts";

type SdkItem = Readonly<Record<string, SdkAttributeValue>>;

/** What PutItem, DeleteItem, UpdateItem and the parts of a transaction have in common. */
interface ConditionInput {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: SdkItem | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

export interface PutRequest extends ItemWriteRequest {
  readonly content: ItemContent;
}

export interface UpdateRequest extends ItemWriteRequest {
  /** What it writes to. */
  readonly paths: BoundUpdate["paths"];
}

/** Reads the writes of items: what is wrong with them is known before the item is. */
export interface ItemRequests {
  put(table: TableDefinition, input: ConditionInput & { readonly Item?: SdkItem | undefined }): PutRequest;
  delete(table: TableDefinition, input: ConditionInput & { readonly Key?: SdkItem | undefined }): ItemWriteRequest;
  update(
    table: TableDefinition,
    input: ConditionInput & { readonly Key?: SdkItem | undefined; readonly UpdateExpression?: string | undefined },
  ): UpdateRequest;
  /** A transaction's ConditionCheck: changes nothing. */
  check(table: TableDefinition, input: ConditionInput & { readonly Key?: SdkItem | undefined }): ItemWriteRequest;
}

export function createItemRequests(expressions: ParsedExpressions): ItemRequests {
  function readConditions(input: ConditionInput & { readonly UpdateExpression?: string | undefined }) {
    refuseLegacyParameters(input);
    const { ConditionExpression: text, UpdateExpression: updateText } = input;
    const isUpdate = "UpdateExpression" in input;
    const absent = `${isUpdate ? "UpdateExpression" : "ConditionExpression"} is null`;
    const placeholders = readPlaceholders(input, text === undefined && updateText === undefined ? absent : undefined);
    const update = updateText === undefined ? undefined : bindUpdate(expressions.update(updateText), placeholders);
    const condition =
      text === undefined ? undefined : bindCondition(expressions.condition("ConditionExpression", text), placeholders);
    placeholders.checkAllUsed();
    const returnsOldOnFailure = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
    return { condition, update, returnsOldOnFailure };
  }

  return {
    put(table, input) {
      const { condition, returnsOldOnFailure } = readConditions(input);
      const item = readItem(input.Item ?? {});
      const key = encodeItemKey(table.key, item);
      const content = toContent(table, item);
      return { key, content, condition, returnsOldOnFailure, change: () => item };
    },
    delete(table, input) {
      const { condition, returnsOldOnFailure } = readConditions(input);
      const key = encodeGivenKey(table.key, readItem(input.Key ?? {}));
      return { key, condition, returnsOldOnFailure, change: () => undefined };
    },
    update(table, input) {
      const { condition, update, returnsOldOnFailure } = readConditions({ UpdateExpression: undefined, ...input });
      const given = readItem(input.Key ?? {});
      const key = encodeGivenKey(table.key, given);
      for (const [name] of update?.paths ?? []) {
        if (attributeOf(given, name) !== undefined) {
          throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
        }
      }
      return {
        key,
        condition,
        returnsOldOnFailure,
        paths: update?.paths ?? [],
        change(current) {
          if (update === undefined) return current ?? given;
          return current === undefined && update.onlyRemoves ? undefined : update.apply(current ?? given);
        },
      };
    },
    check(table, input) {
      const { condition, returnsOldOnFailure } = readConditions(input);
      const key = encodeGivenKey(table.key, readItem(input.Key ?? {}));
      return { key, condition, returnsOldOnFailure, change: (current) => current };
    },
  };
}
