import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer } from "../protocols/protocol.ts";

export interface AnswerDelivery {
  readonly requestId: string;
  readonly isS3: boolean;
  readonly isHead: boolean;
  /** Longest time that a client may leave a streaming answer unread. */
  readonly idleTimeout: number;
}

/** Sends an answer: bytes at once, streams piped with backpressure. Rejects when a stream breaks after the head was sent. */
export async function writeAnswer(response: ServerResponse, answer: Answer, delivery: AnswerDelivery): Promise<void> {
  const { status, body } = answer;
  const headers: Record<string, string> = { ...answer.headers, ...requestIdHeaders(delivery) };
  const hasBody = !delivery.isHead && status !== 204 && status !== 304;
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
    if (hasBody) headers["content-length"] = String(body === undefined ? 0 : Buffer.byteLength(body));
    response.writeHead(status, headers);
    response.end(hasBody ? body : undefined);
    return;
  }
  const stream = body instanceof Readable ? body : Readable.from(body, { objectMode: false });
  response.writeHead(status, headers);
  if (!hasBody) {
    stream.destroy();
    response.end();
    return;
  }
  response.setTimeout(delivery.idleTimeout, () => response.destroy());
  await pipeline(stream, response);
}

/** Every answer names its request: S3 in headers of its own. */
export function requestIdHeaders({
  requestId,
  isS3,
}: Pick<AnswerDelivery, "requestId" | "isS3">): Record<string, string> {
  return isS3
    ? { "x-amz-request-id": requestId, "x-amz-id-2": Buffer.from(requestId).toString("base64") }
    : { "x-amzn-requestid": requestId };
}
