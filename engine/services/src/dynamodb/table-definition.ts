import type {
  AttributeDefinition,
  KeySchemaElement,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughput,
} from "@aws-sdk/client-dynamodb";
import { type ItemTable, itemTableVersion, type Resource } from "@rondo/store";
import { type AttributeValue, attributeOf, type Item, sizeOfItem } from "./attribute-value.ts";
import { projectOnto } from "./index-projection.ts";
import { encodeExpiry, encodeIndexKey, type KeyAttribute, type KeySchema } from "./item-key.ts";

export const TABLE_TYPE = "dynamodb/table";

/** A table's row in the resource table. */
export interface TableBody {
  readonly tableId: string;
  readonly attributeDefinitions: readonly AttributeDefinition[];
  readonly keySchema: readonly KeySchemaElement[];
  readonly billingMode: "PROVISIONED" | "PAY_PER_REQUEST";
  readonly provisionedThroughput?: ProvisionedThroughput | undefined;
  readonly onDemandThroughput?: OnDemandThroughput | undefined;
  readonly tableClass?: string | undefined;
  readonly deletionProtectionEnabled: boolean;
  readonly indexes: readonly IndexBody[];
  /** Ids are not used again: entries of a deleted index may still be there. */
  readonly lastIndexId: number;
  readonly timeToLive?: TimeToLiveBody | undefined;
}

export interface IndexBody {
  readonly id: number;
  readonly name: string;
  readonly kind: "global" | "local";
  readonly keySchema: readonly KeySchemaElement[];
  readonly projection: Projection;
  readonly provisionedThroughput?: ProvisionedThroughput | undefined;
  readonly status: "ACTIVE" | "CREATING" | "DELETING";
  /** While it is CREATING: the last item's key that has its entries, in hexadecimal. */
  readonly filledTo?: string | undefined;
}

/** Expiry times are the keys of an index of their own. */
export interface TimeToLiveBody {
  readonly attribute: string;
  readonly indexId: number;
  readonly status: "ENABLING" | "ENABLED" | "DISABLING";
  readonly filledTo?: string | undefined;
}

export interface IndexDefinition {
  readonly id: number;
  readonly name: string;
  readonly kind: "global" | "local";
  readonly key: KeySchema;
  readonly projection: Projection;
  readonly isQueryable: boolean;
}

/** A table as operations on items use it. */
export interface TableDefinition {
  readonly name: string;
  readonly arn: string;
  readonly key: KeySchema;
  readonly indexes: readonly IndexDefinition[];
  readonly itemTable: ItemTable;
}

/** What a row means for its items. */
export function defineTable(table: Resource<TableBody>): TableDefinition {
  const { body } = table;
  const key = readKeySchema(body.keySchema, body.attributeDefinitions);
  const indexes = body.indexes
    .filter(({ status }) => status !== "DELETING")
    .map(
      ({ id, name, kind, keySchema, projection, status }): IndexDefinition => ({
        id,
        name,
        kind,
        key: readKeySchema(keySchema, body.attributeDefinitions),
        projection,
        isQueryable: status === "ACTIVE",
      }),
    );
  const timeToLive = body.timeToLive?.status === "DISABLING" ? undefined : body.timeToLive;
  const itemTable: ItemTable = { id: table.id, version: itemTableVersion(table) };
  const entriesOf = (value: string) => {
    const item = JSON.parse(value) as Item;
    const expiry = timeToLive && expiryOf(item, timeToLive.attribute);
    return [
      ...indexes.flatMap((index) => {
        const indexKey = encodeIndexKey(index.key, item);
        if (indexKey === undefined) return [];
        return [{ indexId: index.id, key: indexKey, size: sizeOfItem(projectOnto(index, key, item)) }];
      }),
      ...(expiry === undefined || timeToLive === undefined
        ? []
        : [{ indexId: timeToLive.indexId, key: encodeExpiry(expiry), size: 0 }]),
    ];
  };
  const isIndexed = indexes.length > 0 || timeToLive !== undefined;
  return {
    name: table.name,
    arn: table.arn,
    key,
    indexes,
    itemTable: isIndexed ? { ...itemTable, entriesOf } : itemTable,
  };
}

/** Seconds since 1970 at which an item expires; only numbers count. */
export function expiryOf(item: Item, attribute: string): number | undefined {
  const value: AttributeValue | undefined = attributeOf(item, attribute);
  if (value === undefined || !("N" in value)) return undefined;
  const seconds = Math.floor(Number(value.N));
  return seconds >= 0 && Number.isSafeInteger(seconds) ? seconds : undefined;
}

export function readKeySchema(
  schema: readonly KeySchemaElement[],
  attributes: readonly AttributeDefinition[],
): KeySchema {
  const find = (type: "HASH" | "RANGE"): KeyAttribute | undefined => {
    const name = schema.find(({ KeyType }) => KeyType === type)?.AttributeName;
    const attribute = attributes.find(({ AttributeName }) => AttributeName === name);
    return attribute && { name: attribute.AttributeName ?? "", type: attribute.AttributeType as KeyAttribute["type"] };
  };
  const hash = find("HASH");
  const range = find("RANGE");
  if (hash === undefined) throw new Error("A key schema has no hash key.");
  return range === undefined ? { hash } : { hash, range };
}
