/** The job port: who executes a container. Each executor passes executor.suite.ts. */
export interface Executor {
  /** `process`, later `docker`, `ray`. */
  readonly name: string;
  /** Starts the program; the handle is plain JSON, kept in the job's row, and finds the program again after a crash of ours. */
  start(specification: ExecutionSpecification): Promise<ExecutionHandle>;
  inspect(handle: ExecutionHandle): Promise<ExecutionState>;
  /** Asks the program's whole process group to end; no error when it has ended already. */
  signal(handle: ExecutionHandle, signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Output lines after byte `offset` of the combined stdout and stderr: at most `maxBytes`, only whole lines unless the program has ended. */
  readOutput(
    handle: ExecutionHandle,
    offset: number,
    maxBytes: number,
  ): Promise<{ readonly lines: readonly OutputLine[]; readonly offset: number }>;
  /** Forgets the program and deletes what the executor kept of it. Not the job's directory. */
  remove(handle: ExecutionHandle): Promise<void>;
}

export interface ExecutionSpecification {
  /** Unique; starting the same id twice returns the handle of the first (a crash between start and writing the row). */
  readonly id: string;
  /** The directory that stands for `/opt/ml`. */
  readonly directory: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export type ExecutionHandle = Readonly<Record<string, string | number>>;

export type ExecutionState =
  | { readonly state: "running" }
  /** `signal` when it was killed; both null when it vanished without a trace (the machine was restarted). */
  | { readonly state: "ended"; readonly exitCode: number | null; readonly signal: string | null };

export interface OutputLine {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly text: string;
}
