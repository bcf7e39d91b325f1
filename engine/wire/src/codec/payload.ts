import type { OperationCall } from "../protocols/protocol.ts";
import type { Member } from "../shape.ts";

/** A payload that is bytes or text and not a document; undefined for a document. A blob is there even when it is empty. */
export function readBlobPayload({ shape }: Member, { body, stream }: Pick<OperationCall, "body" | "stream">): unknown {
  if (shape.kind === "blob") return stream ?? body;
  return shape.kind === "string" ? body.toString("utf8") : undefined;
}

/** The body of an answer whose payload is bytes or text; undefined for a document. */
export function writeStreamPayload(
  { shape }: Member,
  value: unknown,
): { body: string | Uint8Array | AsyncIterable<Uint8Array> } | undefined {
  if (shape.kind !== "blob" && shape.kind !== "string") return undefined;
  return { body: (value ?? "") as string | Uint8Array | AsyncIterable<Uint8Array> };
}
