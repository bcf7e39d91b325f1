/** An attribute as SNS and SQS take it. */
interface MessageAttribute {
  readonly DataType: string | undefined;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** Bytes that count towards a message's limit in SNS and SQS: of its text, and of the names, types and values of its attributes. */
export function messageBytes(text = "", attributes: Readonly<Record<string, MessageAttribute>> = {}): number {
  const sizes = Object.entries(attributes).map(
    ([name, { DataType = "", StringValue = "", BinaryValue }]) =>
      Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(text));
}
