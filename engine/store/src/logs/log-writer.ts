import type { Owner } from "../resources.ts";
import type { SqlConnection } from "../sql.ts";

/** CloudWatch Logs' data: groups hold streams, streams hold events in time order. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogGroupRef extends Owner {
  readonly group: string;
}

export interface LogStreamRef extends LogGroupRef {
  readonly stream: string;
}

export interface AppendOptions {
  /** Writes inside this transaction: events and the caller's own note of how far it has read become durable together. */
  readonly connection?: SqlConnection;
  /**
   * How far the source has been read once these events are stored (a byte offset, a line count: anything that only grows). Events whose
   * position is not beyond the stream's are a repetition after a crash and are dropped, so that each is stored exactly once.
   */
  readonly position?: number;
}

/** What the engine itself writes. */
export interface LogWriter {
  /**
   * Appends events, making group and stream when they are missing. Resolves when durable (with a `connection`: when that commits). All
   * events go into one statement, so callers bring a few megabytes at most.
   */
  append(stream: LogStreamRef, events: readonly LogEvent[], options?: AppendOptions): Promise<void>;
  /** The position of the last append that had one; -1 for a stream without. */
  position(stream: LogStreamRef): Promise<number>;
}
