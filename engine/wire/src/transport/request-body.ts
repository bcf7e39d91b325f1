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

/** Breaks a body off when nothing of it arrives for a while. */
export function limitSilence(request: IncomingMessage, timeout: number): void {
  if (request.readableEnded || request.complete) return;
  const breakOff = (): void => {
    // A paused stream is silent because we do not read: that is not the client's fault.
    if (request.isPaused()) timer.refresh();
    else
      request.destroy(
        awsError(
          "RequestTimeout",
          "Your socket connection to the server was not read from or written to within the timeout period.",
          { status: 400 },
        ),
      );
  };
  const timer = setTimeout(breakOff, timeout).unref();
  const stop = (): void => clearTimeout(timer);
  request
    .on("data", () => timer.refresh())
    .once("end", stop)
    .once("close", stop);
  request.pause();
}
