import type { Configuration } from "@rondo/server/configuration";

/** What the CLI needs of the server's program. `@rondo/server` is it; tests bring their own. */
export interface Engine {
  startServer(configuration: Configuration): Promise<RunningServer>;
  /** Looks at the server's home without a server. */
  diagnose(configuration: Configuration): Promise<Diagnosis>;
}

export interface RunningServer {
  readonly url: string;
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
