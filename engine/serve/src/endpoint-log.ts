import type { LogEvent, LogStreamRef, LogWriter } from "@rondo/store";

/** Events of one stream held between two flushes; what is beyond is counted, not kept. */
const MAX_PENDING_EVENTS = 1000;
/** CloudWatch Logs takes 256 KB an event; nobody reads that much of a model's complaint. */
const MAX_MESSAGE_CHARACTERS = 4096;

interface PendingStream {
  readonly ref: LogStreamRef;
  events: LogEvent[];
  dropped: number;
}

/** Collects the log lines of endpoints in memory, so that an invocation never waits for a log, and appends them in batches. */
export class EndpointLog {
  readonly #writer: Pick<LogWriter, "append">;
  readonly #clock: { now(): Date };
  #pending = new Map<string, PendingStream>();

  constructor(writer: Pick<LogWriter, "append">, clock: { now(): Date }) {
    this.#writer = writer;
    this.#clock = clock;
  }

  write(ref: LogStreamRef, message: string): void {
    const key = `${ref.accountId}/${ref.region}/${ref.group}/${ref.stream}`;
    let stream = this.#pending.get(key);
    if (stream === undefined) {
      stream = { ref, events: [], dropped: 0 };
      this.#pending.set(key, stream);
    }
    if (stream.events.length >= MAX_PENDING_EVENTS) {
      stream.dropped += 1;
      return;
    }
    stream.events.push({ timestamp: this.#clock.now().getTime(), message: message.slice(0, MAX_MESSAGE_CHARACTERS) });
  }

  /** Appends what has come together; what cannot be written is lost with the error thrown. */
  async flush(): Promise<void> {
    const batch = this.#pending;
    this.#pending = new Map();
    for (const { ref, events, dropped } of batch.values()) {
      if (dropped > 0) {
        events.push({ timestamp: this.#clock.now().getTime(), message: `${dropped} further lines were not kept.` });
      }
      await this.#writer.append(ref, events);
    }
  }
}
