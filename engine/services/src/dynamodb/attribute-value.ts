import type { AttributeValue as SdkAttributeValue } from "@aws-sdk/client-dynamodb";

/** An attribute value as the wire writes it, with numbers in their normal form and binary values in base64. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly BOOL: boolean }
  | { readonly NULL: true };

/** Attributes by name. Read with `attributeOf`: a name may be one of Object's. */
export type Item = Readonly<Record<string, AttributeValue>>;

export const attributeTypes = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"] as const;

export type AttributeType = (typeof attributeTypes)[number];

export function typeOf(value: AttributeValue): AttributeType {
  return Object.keys(value)[0] as AttributeType;
}

export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The values of a set of any type; undefined for what is no set. */
export function membersOf(value: AttributeValue): readonly string[] | undefined {
  if ("SS" in value) return value.SS;
  if ("NS" in value) return value.NS;
  return "BS" in value ? value.BS : undefined;
}

/** Item as the SDK has it: binary values are bytes. */
export function toSdkItem(item: Item): Record<string, SdkAttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toSdkValue(value)]));
}

function toSdkValue(value: AttributeValue): SdkAttributeValue {
  if ("B" in value) return { B: Buffer.from(value.B, "base64") };
  if ("BS" in value) return { BS: value.BS.map((bytes) => Buffer.from(bytes, "base64")) };
  if ("L" in value) return { L: value.L.map(toSdkValue) };
  return "M" in value ? { M: toSdkItem(value.M) } : (value as SdkAttributeValue);
}

/** Bytes of an item by DynamoDB's rules: the names and the values. Guide: "DynamoDB item sizes and formats". */
export function sizeOfItem(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + sizeOfValue(value);
  return size;
}

/** Bytes of a map or list itself, and of each of its elements. */
const CONTAINER = 3;
const ELEMENT = 1;

function sizeOfValue(value: AttributeValue): number {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("N" in value) return sizeOfNumber(value.N);
  if ("B" in value) return Buffer.byteLength(value.B, "base64");
  if ("M" in value) return CONTAINER + sizeOfItem(value.M) + ELEMENT * Object.keys(value.M).length;
  if ("L" in value) return value.L.reduce((size, element) => size + ELEMENT + sizeOfValue(element), CONTAINER);
  if ("SS" in value) return value.SS.reduce((size, text) => size + Buffer.byteLength(text), 0);
  if ("NS" in value) return value.NS.reduce((size, text) => size + sizeOfNumber(text), 0);
  if ("BS" in value) return value.BS.reduce((size, text) => size + Buffer.byteLength(text, "base64"), 0);
  return 1;
}

/** About one byte for two significant digits and one more, and another for a sign. Of a number in its normal form. */
function sizeOfNumber(text: string): number {
  const digits = text.replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length;
  return digits === 0 ? 1 : Math.ceil(digits / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}
