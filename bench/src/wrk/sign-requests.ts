import { writeFile } from "node:fs/promises";

/** The part of an SDK client's configuration that keeps its requests from being sent. */
export interface CapturingConfiguration {
  readonly maxAttempts: 1;
  readonly requestHandler: {
    handle(request: SignedRequest): Promise<never>;
    updateHttpClientConfig(): void;
    httpHandlerConfigs(): Record<string, never>;
  };
}

interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

class Captured extends Error {}

/**
 * Writes `count` requests exactly as an official client signs them, as raw HTTP/1.1, each with its length before it: what replay.lua reads.
 * A signature holds for 15 minutes.
 */
export async function signRequests(
  file: string,
  count: number,
  send: (index: number, configuration: CapturingConfiguration) => Promise<unknown>,
): Promise<void> {
  const parts: Buffer[] = [];
  const configuration: CapturingConfiguration = {
    maxAttempts: 1,
    requestHandler: {
      async handle(request) {
        parts.push(framed(request));
        throw new Captured();
      },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  };
  for (let index = 0; index < count; index++) {
    await send(index, configuration).catch((error: unknown) => {
      if (!(error instanceof Captured)) throw error;
    });
  }
  if (parts.length !== count) throw new Error(`${parts.length} of ${count} requests were captured`);
  await writeFile(file, Buffer.concat(parts));
}

function framed(request: SignedRequest): Buffer {
  const body = bytesOf(request.body);
  const query = new URLSearchParams(
    Object.entries(request.query ?? {}).map(([name, value]): [string, string] => [name, String(value ?? "")]),
  ).toString();
  const headers = Object.entries({ ...request.headers, "content-length": String(body.length) });
  const head = [
    `${request.method} ${request.path}${query === "" ? "" : `?${query}`} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    "\r\n",
  ].join("\r\n");
  const message = Buffer.concat([Buffer.from(head), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  return Buffer.concat([length, message]);
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body);
  throw new Error("only bodies in one piece can be replayed");
}
