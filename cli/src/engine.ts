import type { Configuration } from "@rondo/server/configuration";

/** What the CLI needs of the server's program. `@rondo/server` is it; tests bring their own. */
export interface Engine {
  startServer(configuration: Configuration): Promise<RunningServer>;
  /** Looks at the server's home without a server. */
  diagnose(configuration: Configuration): Promise<Diagnosis>;
  /** Starts the sentiment application against the server; the first time it trains. Aborted, it goes on at the next start. */
  startSentiment(server: RunningServer, signal: AbortSignal): Promise<RunningApplication>;
  /** Runs the sentiment application's loop against its running services and writes the report. */
  runLoop(options: LoopOptions): Promise<LoopOutcome>;
}

export interface LoopOptions {
  readonly port: number;
  readonly feedbackTexts: number | undefined;
  /** For the report. */
  readonly folder: string;
  readonly onProgress: (progress: {
    readonly phase: string;
    readonly fraction: number;
    readonly detail: string;
  }) => void;
  readonly signal: AbortSignal;
}

export interface LoopOutcome {
  readonly report: object;
  readonly lines: readonly string[];
  /** Path of the report's page. */
  readonly page: string;
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
