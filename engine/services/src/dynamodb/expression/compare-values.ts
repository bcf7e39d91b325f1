import { type AttributeValue, attributeOf, type Item, membersOf, typeOf } from "../attribute-value.ts";
import { compareDecimals, parseDecimal } from "../decimal.ts";

/** Types that have an order. */
const ordered: ReadonlySet<string> = new Set(["S", "N", "B"]);

export function isOrdered(value: AttributeValue): boolean {
  return ordered.has(typeOf(value));
}

/** Same type and same value; sets without regard to order, maps and lists all the way down. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  if ("M" in a && "M" in b) return equalMaps(a.M, b.M);
  if ("L" in a && "L" in b) {
    const other = b.L;
    return a.L.length === other.length && a.L.every((element, at) => equalValues(element, other[at] as AttributeValue));
  }
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left !== undefined && right !== undefined) {
    const members = new Set(right);
    return left.length === right.length && left.every((member) => members.has(member));
  }
  return Object.values(a)[0] === Object.values(b)[0];
}

function equalMaps(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [left, right] = [attributeOf(a, name), attributeOf(b, name)];
      return left !== undefined && right !== undefined && equalValues(left, right);
    })
  );
}

/** Less than 0, 0, or greater than 0: strings by UTF-8, numbers by value, binary by bytes. Undefined for values that have no order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ("N" in a && "N" in b) return compareDecimals(parseDecimal(a.N), parseDecimal(b.N));
  if ("S" in a && "S" in b) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if ("B" in a && "B" in b) return Buffer.compare(Buffer.from(a.B, "base64"), Buffer.from(b.B, "base64"));
  return undefined;
}

/** Of strings and binary values. */
export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ("S" in value && "S" in prefix) return value.S.startsWith(prefix.S);
  if (!("B" in value && "B" in prefix)) return false;
  const start = Buffer.from(prefix.B, "base64");
  return Buffer.from(value.B, "base64").subarray(0, start.length).equals(start);
}

/** A part of a string or binary value, a member of a set, or an element of a list. */
export function containsValue(value: AttributeValue, part: AttributeValue): boolean {
  if ("S" in value && "S" in part) return value.S.includes(part.S);
  if ("B" in value && "B" in part) return Buffer.from(value.B, "base64").includes(Buffer.from(part.B, "base64"));
  if ("L" in value) return value.L.some((element) => equalValues(element, part));
  if ("SS" in value) return "S" in part && value.SS.includes(part.S);
  if ("NS" in value) return "N" in part && value.NS.includes(part.N);
  return "BS" in value && "B" in part && value.BS.includes(part.B);
}

/** Characters, bytes, or elements; numbers, booleans and nulls have no size. */
export function sizeOf(value: AttributeValue): number | undefined {
  if ("S" in value) return value.S.length;
  if ("B" in value) return Buffer.byteLength(value.B, "base64");
  if ("L" in value) return value.L.length;
  return "M" in value ? Object.keys(value.M).length : membersOf(value)?.length;
}
