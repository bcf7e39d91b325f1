import type { LogLine, LogReader } from "./log-reader.ts";

export interface LogFollowing {
  /** What becomes of the job's log: `true` writes it to standard output, a function gets each line. Default: nothing. */
  readonly logs?: boolean | ((line: LogLine) => void);
}

function writeToStandardOutput(line: LogLine): void {
  process.stdout.write(`${line.message}\n`);
}

/** What a wait does after each look to pass on the lines that are new; undefined when nobody wants them. */
export function followLog(
  createReader: () => LogReader,
  { logs }: LogFollowing,
): ((signal: AbortSignal | undefined) => Promise<void>) | undefined {
  const writeLine = logs === true ? writeToStandardOutput : logs || undefined;
  if (writeLine === undefined) return undefined;
  const reader = createReader();
  return async (signal) => {
    for await (const line of reader.read(signal)) writeLine(line);
  };
}
