import type { Readable } from "node:stream";
import type { ByteRange } from "./objects.ts";

/** A home for the bodies of larger objects, by opaque id. What `write` resolved is durable. */
export interface Bodies {
  write(id: string, body: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** The bytes of `range` (all without it). */
  read(id: string, range?: ByteRange): Promise<Readable>;
  remove(id: string): Promise<void>;
  /** Ids older than `olderThan`, for the sweep of orphans: bodies whose row was never written. */
  list(olderThan: Date): AsyncIterable<string>;
  /** What `rondo doctor` says of it. */
  describe(): Promise<{ readonly kind: string; readonly location: string }>;
  close(): Promise<void>;
}
