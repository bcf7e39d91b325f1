/**
 * The job port: who executes a container's program. Each executor passes `executorSuite` of `@rondo/run/testing`.
 *
 * A program outlives us: it is started so that a crash of this process does not end it, and every method works from the handle alone, in
 * whatever process holds it.
 */
export interface Executor {
  /** `process`, later `docker`, `ray`. */
  readonly name: string;
  /** Starts the program. Starting the same id again returns the first one's handle, also after it has ended. */
  start(specification: ExecutionSpecification): Promise<ExecutionHandle>;
  inspect(handle: ExecutionHandle): Promise<ExecutionState>;
  /** Resolves as soon as the program has ended, or when `signal` is aborted: an accelerator for those who poll `inspect`. */
  ended(handle: ExecutionHandle, signal: AbortSignal): Promise<void>;
  /** Signals the program's whole process group; no error when it has ended already. */
  signal(handle: ExecutionHandle, signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /**
   * Output lines from byte `offset` of the combined stdout and stderr, reading at most `maxBytes`: only whole lines unless
   * the program has ended, longer lines in pieces of `MAX_LINE_BYTES`. The returned offset is where to go on; the same one means
   * that no whole line fits: nothing new, when `maxBytes` is more than MAX_LINE_BYTES.
   */
  readOutput(handle: ExecutionHandle, offset: number, maxBytes: number): Promise<Output>;
  /** Forgets the program (killing it if it still runs) and deletes what the executor kept of it. Not the job's directory. */
  remove(handle: ExecutionHandle): Promise<void>;
}

export interface ExecutionSpecification {
  /** Unique, of letters, digits, `.`, `_` and `-`: the crash between starting a program and noting its handle costs nothing. */
  readonly id: string;
  /** The directory that stands for `/opt/ml`; the program's working directory. */
  readonly directory: string;
  /**
   * An absolute path, such as `/opt/ml`, at which the program sees `directory` besides its own path, whether this host has such a path or not.
   * No other program sees it there. Where the host refuses it, the first line of the program's output says so and what to do.
   */
  readonly mountPath?: string;
  readonly command: readonly string[];
  /** All that the program's environment holds besides the executor's own whitelist. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Plain JSON, to be kept in the job's row. */
export type ExecutionHandle = Readonly<Record<string, string | number>>;

export type ExecutionState =
  | { readonly state: "running" }
  /** `signal` when it was killed; both null when it vanished without a trace (the machine was restarted, its supervisor killed). */
  | { readonly state: "ended"; readonly exitCode: number | null; readonly signal: string | null };

export interface Output {
  readonly lines: readonly string[];
  /** Bytes. */
  readonly offset: number;
}

/** Longer lines are cut into pieces of this many bytes, as Docker's log drivers do. */
export const MAX_LINE_BYTES = 16 * 1024;
