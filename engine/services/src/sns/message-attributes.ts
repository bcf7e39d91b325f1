import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { awsError } from "@rondo/wire";
import type { TopicMessageAttribute } from "./topic-message.ts";

const types = ["String", "String.Array", "Number", "Binary"];

/** Attributes as they are kept. Throws ParameterValueInvalid, with SNS's texts. */
export function readMessageAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): Readonly<Record<string, TopicMessageAttribute>> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(
  name: string,
  { DataType = "", StringValue, BinaryValue }: MessageAttributeValue,
): TopicMessageAttribute {
  if (!/^[\w.-]{1,256}$/.test(name) || /^\.|\.\.|\.$/.test(name) || /^(aws|amazon)\./i.test(name))
    throw refuse(`The message attribute name '${name}' is invalid.`);
  if (!types.includes(DataType))
    throw refuse(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  if (DataType === "Binary") {
    if (BinaryValue === undefined || BinaryValue.length === 0)
      throw refuse(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    return { Type: DataType, Value: Buffer.from(BinaryValue).toString("base64") };
  }
  if (StringValue === undefined || StringValue === "")
    throw refuse(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  if (DataType === "Number" && !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(StringValue))
    throw refuse(`Could not cast message attribute '${name}' value to number.`);
  if (DataType === "String.Array" && !isArray(StringValue))
    throw refuse(
      `Message attribute '${name}' of type String.Array must be a JSON array of strings, numbers, true, false and null.`,
    );
  return { Type: DataType, Value: StringValue };
}

function isArray(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((element) => typeof element !== "object" || element === null);
  } catch {
    return false;
  }
}

function refuse(message: string) {
  return awsError("InvalidParameterValueException", message);
}
