import { Duplex } from "node:stream";
import type { PgliteThread } from "./pglite-thread.ts";

const headerBytes = 5; // type, and length without the type
/** PGlite knows no connections: what comes before the first query is answered here. AuthenticationOk, ReadyForQuery(idle). */
const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
/** Query, Sync, Flush: the client waits for an answer. */
const endsBatch = new Set([0x51, 0x53, 0x48]);
const terminate = 0x58;

function simpleQuery(text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(headerBytes);
  head.write("Q");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/**
 * What node-postgres takes for its socket, with PGlite at the other end: so all three homes share one client, and convert values, prepare
 * statements and report errors the same. Messages are passed on in batches that end with a Sync, since PGlite, after an error, skips to it
 * only within one call.
 */
export class PgliteStream extends Duplex {
  readonly #pglite: PgliteThread;
  #isOpen = false;
  #pending: Buffer = Buffer.alloc(0);

  constructor(pglite: PgliteThread) {
    super();
    this.#pglite = pglite;
  }

  connect(): this {
    setImmediate(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    void this.#handle(chunk, done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  async #handle(chunk: Buffer, done: (error?: Error | null) => void): Promise<void> {
    let failure: Error | null = null;
    try {
      if (this.#isOpen) await this.#forward(chunk);
      else await this.#open();
    } catch (error) {
      failure = error as Error;
    }
    done(failure);
  }

  /** The chunk is the start-up message; the session may be one that a former connection left. */
  async #open(): Promise<void> {
    this.#isOpen = true;
    await this.#pglite.execute(simpleQuery("rollback"));
    await this.#pglite.execute(simpleQuery("discard all"));
    this.push(welcome);
  }

  async #forward(chunk: Buffer): Promise<void> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const length = this.#batchLength();
    if (length === 0) return;
    const batch = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    this.push(await this.#pglite.execute(batch));
  }

  /** Bytes up to the end of the last message that the client waits for. */
  #batchLength(): number {
    let end = 0;
    for (let offset = 0; offset + headerBytes <= this.#pending.length; ) {
      const type = this.#pending[offset]!;
      offset += 1 + this.#pending.readInt32BE(offset + 1);
      if (offset > this.#pending.length || type === terminate) break;
      if (endsBatch.has(type)) end = offset;
    }
    return end;
  }
}
