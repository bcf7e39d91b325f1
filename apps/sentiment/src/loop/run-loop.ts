import { describeLoop, type LoopReport } from "./loop-report.ts";
import { type LoopProgress, loopSentiment } from "./loop-sentiment.ts";
import { writeLoopReport } from "./write-loop-report.ts";

export interface LoopRun {
  readonly report: LoopReport;
  /** The outcome in a few lines. */
  readonly lines: readonly string[];
  /** Path of the report's page. */
  readonly page: string;
}

export interface RunLoopOptions {
  /** Of the inference service; the other services are on the ports after it. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Film sentences that users correct. */
  readonly feedbackTexts?: number | undefined;
  /** Where the report is written. */
  readonly folder: string;
  readonly onProgress?: (progress: LoopProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the loop against the running application and writes its report.
 *
 * @example
 * ```ts
 * import { runLoop } from "@rondo/sentiment";
 * const { lines, page } = await runLoop({ port: 8000, folder: ".rondo/sentiment/reports", signal: AbortSignal.timeout(600_000) });
 * console.log(lines.join("\n"), page);
 * ```
 */
export async function runLoop(options: RunLoopOptions): Promise<LoopRun> {
  const { port, host = "127.0.0.1", feedbackTexts, folder, onProgress, signal } = options;
  const at = (offset: number): string => `http://${host}:${port + offset}`;
  const report = await loopSentiment({
    services: { inference: at(0), feedback: at(1), evaluation: at(3), retraining: at(4) },
    ...(feedbackTexts !== undefined && { feedbackTexts }),
    ...(onProgress !== undefined && { onProgress }),
    signal,
  });
  return { report, lines: describeLoop(report), page: await writeLoopReport(folder, report) };
}
