/** A program of Amazon Personalize's jobs, run as a process of its own: `container.ts personalize <name>`. */
export interface PersonalizeProgram<Configuration extends object> {
  /**
   * Reads `input/data`, writes `model` or `output/data`. Returns early when the signal is aborted: within a second.
   * Throws ClientError with the text for `output/failure` where the user can put it right.
   */
  run(configuration: Configuration, context: ProgramContext): Promise<void>;
}

export interface ProgramContext {
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  /** Aborted by SIGTERM. */
  readonly signal: AbortSignal;
  readonly clock: { now(): Date };
  /** One line of the job's log. */
  log(line: string): void;
  readonly threads: number;
}
