import type { Shape } from "../shape.ts";
import { type LeafWriter, readDocument, writeDocument } from "./document.ts";
import { serializationError } from "./serialization-error.ts";
import { writeTimestamp } from "./timestamp.ts";

const leaf: LeafWriter = {
  timestamp: (date, { format = "epoch-seconds" }) => writeTimestamp(date, format),
  blob: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
};

/** A JSON body by its shape. Throws SerializationException on what is not JSON, nested too deep, or of a wrong type. */
export function readJson(shape: Shape, body: Buffer, nestingDepth: number): unknown {
  const text = body.toString("utf8");
  if (text.trim() === "") return readDocument(shape, {});
  checkSize(text, nestingDepth);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw serializationError(`Could not parse the request body as JSON: ${(cause as Error).message.slice(0, 120)}`);
  }
  return readDocument(shape, value);
}

export function writeJson(shape: Shape, value: unknown): string {
  return JSON.stringify(writeDocument(shape, value ?? {}, leaf));
}

/** Values of one body; a body of 50 MB that is nothing but `{},{},…` would take gigabytes as objects. */
const mostValues = 1_000_000;

/** JSON.parse nests on the native stack: depth is counted before, and values with it. */
function checkSize(text: string, limit: number): void {
  let depth = 0;
  let values = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) i = endOfString(text, i);
    else if (c === 0x2c && ++values > mostValues)
      throw serializationError(`The request body has more than ${mostValues} values`);
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > limit) throw serializationError(`The request body is nested deeper than ${limit} levels`);
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
