import type { ApplicationName, Configuration } from "@rondo/server/configuration";

/** What the CLI needs of the server's program. `@rondo/server` is it; tests bring their own. */
export interface Engine {
  startServer(configuration: Configuration): Promise<RunningServer>;
  /** Looks at the server's home without a server. */
  diagnose(configuration: Configuration): Promise<Diagnosis>;
  /** Looks at the tables of the recommendations application, in the server's home or where its settings say. */
  diagnoseRecommendations(configuration: Configuration): Promise<Diagnosis>;
  /**
   * Starts an application against the server. The first time it loads data and trains; what it does in the background meanwhile it shows on standard
   * error. Aborted, it goes on at the next start.
   */
  startApplication(name: ApplicationName, server: RunningServer, signal: AbortSignal): Promise<RunningApplication>;
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
  /** Of its services, as `--json` names them: `sentimentUrl`. */
  readonly urls: Readonly<Record<string, string>>;
  /** What it says when it is ready. */
  readonly description: string;
  close(): Promise<void>;
}

/** PostgreSQL in the server's home, for an application with tables of its own. */
interface Database {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  transaction<Result>(work: (transaction: Pick<Database, "query">) => Promise<Result>): Promise<Result>;
}

export interface RunningServer {
  readonly url: string;
  readonly database: Database;
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
