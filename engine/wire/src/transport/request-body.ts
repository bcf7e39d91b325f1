import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { awsError } from "../error.ts";

const tooLarge = (limit: number) =>
  awsError("RequestEntityTooLargeException", `The request body is larger than ${limit} bytes.`, { status: 413 });

/** Refuses a body by its announced length, before a byte of it is read. */
export function checkContentLength({ headers }: Pick<IncomingMessage, "headers">, limit: number): void {
  if (Number(headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
}

/** A whole body in memory, at most `limit` bytes. Throws RequestEntityTooLargeException, or whatever the source fails with. */
export async function readWhole(source: Readable, limit: number): Promise<Buffer> {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    if (first === undefined) first = chunk;
    else (rest ??= [first]).push(chunk);
  }
  return rest === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(rest);
}

/** Breaks a body off when nothing of it arrives for a while; one that waits in our buffer is our own slowness. */
export function limitSilence(request: IncomingMessage, timeout: number): void {
  if (request.complete) return;
  let seen = 0;
  const received = (): number => request.socket?.bytesRead ?? 0;
  const look = (): void => {
    const now = received();
    if (now === seen && request.readableLength === 0) request.destroy(new Error("The client stopped sending its body"));
    seen = now;
  };
  const timer = setInterval(look, timeout).unref();
  request.once("close", () => clearInterval(timer));
}

export interface CollectLimits {
  /** Bytes. */
  readonly limit: number;
  /** Longest silence in milliseconds. */
  readonly timeout: number;
}

/** `readWhole` without promises, for the hot routes: a small body comes in one chunk, which is handed on as it is. */
export function collectBody(
  request: IncomingMessage,
  { limit, timeout }: CollectLimits,
  done: (body: Buffer) => void,
  fail: (error: unknown) => void,
): void {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let size = 0;
  let refused = false;
  const hasAll = request.complete;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (refused) return;
    if (size > limit) {
      refused = true;
      fail(tooLarge(limit));
    } else if (first === undefined) first = chunk;
    else (rest ??= [first]).push(chunk);
  });
  request.once("end", () => {
    if (!refused) done(rest === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(rest));
  });
  if (!hasAll) limitSilence(request, timeout);
}
