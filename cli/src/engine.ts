import type { Configuration } from "@rondo/server/configuration";

/** What the CLI needs of the server's program. `@rondo/server` is it; tests bring their own. */
export interface Engine {
  startServer(configuration: Configuration): Promise<RunningServer>;
  /** Looks at the server's home without a server. */
  diagnose(configuration: Configuration): Promise<Diagnosis>;
  /** Starts the sentiment application against the server; the first time it trains. Aborted, it goes on at the next start. */
  startSentiment(server: RunningServer, signal: AbortSignal): Promise<RunningApplication>;
}

export interface RunningApplication {
  readonly url: string;
  /** What it says when it is ready. */
  readonly description: string;
  close(): Promise<void>;
}

export interface RunningServer {
  readonly url: string;
  readonly configuration: Configuration;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

export interface Diagnosis {
  readonly checks: readonly {
    readonly name: string;
    readonly state: "ok" | "warning" | "error";
    readonly detail: string;
    /** What to do about it. */
    readonly advice?: string;
  }[];
}
