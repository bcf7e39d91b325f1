import type { Readable } from "node:stream";
import type { ByteRange } from "./objects.ts";

/**
 * A home for the bodies of larger objects, by opaque id (letters, digits and hyphens). What `write` resolved is durable; when `body` or `signal`
 * fails, nothing is left behind.
 */
export interface Bodies {
  write(id: string, body: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** The bytes of `range` (all without it). Once resolved, the body is read to its end even when it is removed meanwhile. */
  read(id: string, range?: ByteRange): Promise<Readable>;
  /** Removing what is not there succeeds. */
  remove(id: string): Promise<void>;
  /** Ids older than `olderThan`, for the sweep of orphans: bodies whose row was never written. */
  list(olderThan: Date): AsyncIterable<string>;
  /** What `rondo doctor` says of it. */
  describe(): Promise<{ readonly kind: string; readonly location: string }>;
  close(): Promise<void>;
}
