import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { QueueMessageAttribute } from "@rondo/store";
import { awsError } from "@rondo/wire";

type Attributes = Readonly<Record<string, QueueMessageAttribute>>;

const maxAttributes = 10;

/** Attributes as they are kept. Throws InvalidParameterValue. */
export function readQueueMessageAttributes(given: Readonly<Record<string, MessageAttributeValue>>): Attributes {
  const entries = Object.entries(given);
  if (entries.length > maxAttributes)
    throw refuse(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, { DataType = "", StringValue, BinaryValue }: MessageAttributeValue) {
  if (!/^[\w.-]{1,256}$/.test(name) || /^\.|\.\.|\.$/.test(name) || /^(aws|amazon)\./i.test(name))
    throw refuse(`The message attribute name '${name}' is invalid.`);
  if (!/^(String|Number|Binary)(\..{1,240})?$/.test(DataType))
    throw refuse(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  const value = DataType.startsWith("Binary")
    ? BinaryValue && Buffer.from(BinaryValue).toString("base64")
    : StringValue;
  if (value === undefined || value === "")
    throw refuse(`The message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`);
  if (DataType.startsWith("Number") && !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value))
    throw refuse(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  return { Type: DataType, Value: value };
}

/** Attributes as ReceiveMessage returns them. */
export function writeQueueMessageAttributes(attributes: Attributes): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => [
      name,
      Type.startsWith("Binary")
        ? { DataType: Type, BinaryValue: Buffer.from(Value, "base64") }
        : { DataType: Type, StringValue: Value },
    ]),
  );
}

/** Those that a receiver asks for: `All`, `.*`, a name, or `prefix.*`. */
export function selectAttributes(attributes: Attributes, wanted: readonly string[]): Attributes {
  const isWanted = (name: string): boolean =>
    wanted.some((pattern) => {
      if (pattern === "All" || pattern === ".*") return true;
      return pattern.endsWith(".*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    });
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

/**
 * MD5OfMessageAttributes, undefined without attributes: by name; name, type and value, each after its length in four bytes; before the value, a byte that
 * says text (1) or binary (2).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { Type = "", Value = "" } = attributes[name] ?? {};
    const isBinary = Type.startsWith("Binary");
    add(Buffer.from(name));
    add(Buffer.from(Type));
    hash.update(Buffer.of(isBinary ? 2 : 1));
    add(Buffer.from(Value, isBinary ? "base64" : "utf8"));
  }
  return hash.digest("hex");
}

function refuse(message: string) {
  return awsError("InvalidParameterValue", message);
}
