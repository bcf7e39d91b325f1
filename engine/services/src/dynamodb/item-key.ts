import { hash } from "node:crypto";
import { type AttributeValue, attributeOf, type Item, typeOf } from "./attribute-value.ts";
import { orderedBytes, parseDecimal } from "./decimal.ts";
import { invalidParameter, validationError } from "./validation-error.ts";

export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute;
}

const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

/** Bytes of the digest that stands for a partition: of fixed length, so that what follows sorts by itself, and beyond any collision. */
export const PARTITION_BYTES = 20;

/** A value as the bytes that sort as it does: UTF-8, ordered numbers, or themselves. */
export function keyBytes(value: AttributeValue): Buffer {
  if ("S" in value) return Buffer.from(value.S, "utf8");
  if ("N" in value) return orderedBytes(parseDecimal(value.N));
  if ("B" in value) return Buffer.from(value.B, "base64");
  throw new Error(`A key cannot be of type ${typeOf(value)}.`);
}

/** The beginning of every key with this hash key. Partitions are in the order of their digests, which also divides a table into segments. */
export function partitionOf(value: AttributeValue): Buffer {
  return hash("sha256", keyBytes(value), "buffer").subarray(0, PARTITION_BYTES);
}

/** The place of an item among those of its table. Throws ValidationException when a key attribute is missing, empty, too long or of another type. */
export function encodeItemKey(key: KeySchema, item: Item): Buffer {
  const hashValue = requireKeyValue(item, key.hash, MAX_HASH_BYTES);
  if (key.range === undefined) return partitionOf(hashValue);
  return Buffer.concat([partitionOf(hashValue), keyBytes(requireKeyValue(item, key.range, MAX_RANGE_BYTES))]);
}

/** The same for `Key`, which must have the key attributes and nothing else. */
export function encodeGivenKey(key: KeySchema, given: Item): Buffer {
  const expected = key.range === undefined ? [key.hash] : [key.hash, key.range];
  const isWhole = expected.every(({ name, type }) => {
    const value = attributeOf(given, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!isWhole || Object.keys(given).length !== expected.length) {
    throw validationError("The provided key element does not match the schema");
  }
  return encodeItemKey(key, given);
}

/**
 * The place of an item in an index; undefined when it is not in it. An item that was there before the index and cannot be in it, because a key
 * is of another type, empty or too long, stays outside, as on AWS ("Detecting and correcting index key violations").
 */
export function encodeIndexKey(key: KeySchema, item: Item): Buffer | undefined {
  const hashValue = indexKeyValue(item, key.hash, MAX_HASH_BYTES);
  if (hashValue === undefined) return undefined;
  if (key.range === undefined) return partitionOf(hashValue);
  const rangeValue = indexKeyValue(item, key.range, MAX_RANGE_BYTES);
  return rangeValue && Buffer.concat([partitionOf(hashValue), keyBytes(rangeValue)]);
}

function indexKeyValue(item: Item, { name, type }: KeyAttribute, maxBytes: number): AttributeValue | undefined {
  const value = attributeOf(item, name);
  if (value === undefined || typeOf(value) !== type) return undefined;
  const bytes = keyBytes(value).byteLength;
  return bytes > 0 && bytes <= maxBytes ? value : undefined;
}

/** Checks the attributes that are keys of an index, where an item has them. */
export function checkIndexKeys(
  item: Item,
  indexes: readonly { readonly name: string; readonly key: KeySchema }[],
): void {
  for (const { name: index, key } of indexes) {
    for (const attribute of key.range === undefined ? [key.hash] : [key.hash, key.range]) {
      const value = attributeOf(item, attribute.name);
      if (value === undefined) continue;
      if (typeOf(value) !== attribute.type) {
        throw invalidParameter(
          `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${typeOf(value)} IndexName: ${index}`,
        );
      }
      const bytes = keyBytes(value).byteLength;
      if (bytes === 0) {
        throw validationError(
          "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
            `The AttributeValue for a key attribute cannot contain an empty ${emptyNoun(attribute)} value. IndexName: ${index}, IndexKey: ${attribute.name}`,
        );
      }
      checkLength(bytes, attribute === key.hash ? MAX_HASH_BYTES : MAX_RANGE_BYTES);
    }
  }
}

/** The key of the index of expiry times: seconds since 1970. */
export function encodeExpiry(seconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(seconds));
  return bytes;
}

/** The attributes of a key, out of an item. */
export function pickKey(item: Item, ...schemas: readonly KeySchema[]): Item {
  const names = schemas.flatMap(({ hash: { name }, range }) => (range === undefined ? [name] : [name, range.name]));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = attributeOf(item, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function requireKeyValue(item: Item, { name, type }: KeyAttribute, maxBytes: number): AttributeValue {
  const value = attributeOf(item, name);
  if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`);
  if (typeOf(value) !== type) {
    throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
  }
  const bytes = keyBytes(value).byteLength;
  if (bytes === 0) {
    throw validationError(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an " +
        `empty ${emptyNoun({ name, type })} value. Key: ${name}`,
    );
  }
  checkLength(bytes, maxBytes);
  return value;
}

function emptyNoun({ type }: KeyAttribute): string {
  return type === "B" ? "binary" : "string";
}

function checkLength(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw invalidParameter(
    maxBytes === MAX_HASH_BYTES
      ? `Size of hashkey has exceeded the maximum size limit of${MAX_HASH_BYTES} bytes`
      : `Aggregated size of all range keys has exceeded the size limit of ${MAX_RANGE_BYTES} bytes`,
  );
}
