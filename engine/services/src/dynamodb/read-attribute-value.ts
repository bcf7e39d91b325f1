import { awsError } from "@rondo/wire";
import { type AttributeType, type AttributeValue, attributeTypes, type Item } from "./attribute-value.ts";
import { normaliseNumber } from "./decimal.ts";
import { invalidParameter, validationError } from "./validation-error.ts";

/** Levels of maps and lists below an attribute. */
const MAX_NESTING = 32;

/** Reads an item as the SDK or the JSON of a request has it. Throws ValidationException with AWS's text for what an item may not hold. */
export function readItem(raw: unknown): Item {
  return readMap(raw, 0);
}

/** The same for one value, as in ExpressionAttributeValues. */
export function readAttributeValue(raw: unknown): AttributeValue {
  return readValue(raw, 0);
}

function readMap(raw: unknown, depth: number): Item {
  return Object.fromEntries(
    Object.entries(asObject(raw)).map(([name, value]) => {
      if (Buffer.byteLength(name) > 65_535)
        throw validationError("Attribute name is too large, must be less than 64 KB");
      return [name, readValue(value, depth)];
    }),
  );
}

function readValue(raw: unknown, depth: number): AttributeValue {
  const members = Object.entries(asObject(raw)).filter(([name, value]) => isType(name) && value !== null);
  const [member] = members;
  if (member === undefined) {
    throw validationError("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (members.length > 1) {
    throw validationError(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  }
  return readTyped(member[0] as AttributeType, member[1], depth);
}

function readTyped(type: AttributeType, value: unknown, depth: number): AttributeValue {
  switch (type) {
    case "S":
      return { S: asString(value) };
    case "N":
      return { N: normaliseNumber(asString(value)) };
    case "B":
      return { B: asBase64(value) };
    case "BOOL":
      return { BOOL: asBoolean(value) };
    case "NULL":
      if (!asBoolean(value)) throw invalidParameter("Null attribute value types must have the value of true");
      return { NULL: true };
    case "M":
      return { M: readMap(value, deeper(depth)) };
    case "L":
      return { L: asList(value).map((element) => readValue(element, deeper(depth))) };
    default:
      return readSet(type, asList(value));
  }
}

function readSet(type: "SS" | "NS" | "BS", elements: readonly unknown[]): AttributeValue {
  if (elements.length === 0) {
    const texts = {
      SS: "An string set  may not be empty",
      NS: "An number set  may not be empty",
      BS: "Binary sets should not be empty",
    };
    throw invalidParameter(texts[type]);
  }
  const read = { SS: asString, NS: (value: unknown) => normaliseNumber(asString(value)), BS: asBase64 }[type];
  const values = elements.map(read);
  if (new Set(values).size < values.length) {
    if (type === "NS") throw validationError("Input collection contains duplicates");
    const listed = type === "SS" ? ` [${values.slice(0, 20).join(", ")}]` : "";
    throw invalidParameter(`Input collection${listed}${type === "BS" ? "of type BS" : ""} contains duplicates.`);
  }
  return { [type]: values } as unknown as AttributeValue;
}

function deeper(depth: number): number {
  if (depth + 1 > MAX_NESTING) throw validationError("Nesting Levels have exceeded supported limits");
  return depth + 1;
}

const types: ReadonlySet<string> = new Set(attributeTypes);

function isType(name: string): boolean {
  return types.has(name);
}

function asObject(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw wrongType("a Structure");
}

function asString(value: unknown): string {
  if (typeof value === "string") return value;
  throw wrongType("a String");
}

function asBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw wrongType("a Boolean");
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongType("a List");
}

/** Bytes from the SDK, base64 from JSON. */
function asBase64(value: unknown): string {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  const text = asString(value);
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw wrongType("base64");
  return Buffer.from(text, "base64").toString("base64");
}

function wrongType(expected: string): Error {
  return awsError("SerializationException", `An attribute value has a member that is not ${expected}`);
}
