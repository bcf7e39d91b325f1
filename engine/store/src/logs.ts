import type { Owner } from "./resources.ts";

/** CloudWatch Logs' data: groups hold streams, streams hold events in time order. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogStreamRef extends Owner {
  readonly group: string;
  readonly stream: string;
}

/** What the engine itself writes; the read side (pages in both directions, filter, retention) is further functions used by the service. */
export interface LogWriter {
  /** Appends events, making group and stream when they are missing. Resolves when durable. */
  append(stream: LogStreamRef, events: readonly LogEvent[]): Promise<void>;
}
