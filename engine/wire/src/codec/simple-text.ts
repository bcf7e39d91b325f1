import type { Shape, TimestampShape } from "../shape.ts";
import { readBase64 } from "./document.ts";
import { serializationError, wrongType } from "./serialization-error.ts";
import { readTimestamp, writeTimestamp } from "./timestamp.ts";

/** Reads a simple value from text: XML content, a query parameter, a label or a header. Throws SerializationException. */
export function readSimpleText(shape: Shape, text: string): unknown {
  switch (shape.kind) {
    case "number": {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) throw wrongType(text, "a Number");
      return value;
    }
    case "bigInteger":
      if (!/^-?\d+$/.test(text)) throw wrongType(text, "a Long");
      return BigInt(text);
    case "boolean": {
      const lower = text.trim().toLowerCase();
      if (lower !== "true" && lower !== "false") throw wrongType(text, "a Boolean");
      return lower === "true";
    }
    case "timestamp":
      return readTimestamp(text.trim());
    case "blob":
      return readBase64(text);
    case "structure":
    case "list":
    case "map":
      throw serializationError("A simple value was found where a structure, list or map is expected");
    default:
      return text;
  }
}

/** Writes a simple value as text; undefined for NaN, which is never written. */
export function writeSimpleText(
  shape: Shape,
  value: unknown,
  usual: NonNullable<TimestampShape["format"]>,
): string | undefined {
  if (shape.kind === "timestamp") return String(writeTimestamp(value as Date, shape.format ?? usual));
  if (shape.kind === "blob") return Buffer.from(value as Uint8Array).toString("base64");
  if (shape.kind === "number" && !Number.isFinite(value)) return undefined;
  return String(value);
}
