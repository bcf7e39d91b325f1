import { setTimeout as pause } from "node:timers/promises";
import { isOutOfReach } from "../storage/out-of-reach.ts";
import { isFinished, type Run } from "./run.ts";

/** How far a step is. */
export interface RunStep {
  readonly step: string;
  /** 0 to 1; 1 when it is done. */
  readonly fraction: number;
  /** What is going on, for people. */
  readonly detail: string;
}

/** What a run does at each of its statuses. Each part can be repeated: after a restart it is done again from its beginning. */
export interface RunParts<Outcome> {
  /** Brings the data together and says where it is. */
  prepare(run: Run<Outcome>, signal: AbortSignal): Promise<Pick<Run, "data" | "counts" | "model_version">>;
  /** Starts the work, once however often it is called for one run, and returns its ARN. */
  start(run: Run<Outcome>, signal: AbortSignal): Promise<string>;
  /** Resolves when the work has ended well. Throws when it failed. */
  follow(run: Run<Outcome>, options: { signal: AbortSignal; onStep: (step: RunStep) => void }): Promise<Outcome>;
  /** Stores the verdict and tells others. */
  report(run: Run<Outcome>, signal: AbortSignal): Promise<void>;
}

export interface RunWatcher<Outcome> {
  readonly clock: { now(): Date };
  readonly onFault: (error: unknown) => void;
  readonly onStep: (step: RunStep) => void;
  /** Stores the run as it is now. */
  save(run: Run<Outcome>): Promise<void>;
  readonly signal: AbortSignal;
  /** Between two tries while something is out of reach. */
  readonly retryAfterMs: number;
}

/**
 * Takes the run from the status that it has to its end and saves it at each; waits while something is out of reach. Aborted, it leaves the run to the
 * next start. Never throws.
 */
export async function carryOutRun<Outcome>(
  begun: Run<Outcome>,
  parts: RunParts<Outcome>,
  watcher: RunWatcher<Outcome>,
): Promise<void> {
  const { onFault, retryAfterMs, save, signal } = watcher;
  let run = begun;
  while (!isFinished(run) && !signal.aborted) {
    try {
      const next = await takeStep(run, parts, watcher).catch((error: unknown) => {
        if (signal.aborted || isOutOfReach(error)) throw error;
        return fail(run, error, watcher);
      });
      await save(next);
      run = next;
    } catch (error) {
      if (signal.aborted) return;
      if (!isOutOfReach(error)) onFault(error);
      await pause(retryAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** From one status to the next. */
async function takeStep<Outcome>(
  run: Run<Outcome>,
  parts: RunParts<Outcome>,
  watcher: RunWatcher<Outcome>,
): Promise<Run<Outcome>> {
  const { onStep, signal } = watcher;
  if (run.status === "Preparing") return { ...run, ...(await parts.prepare(run, signal)), status: "Executing" };
  if (run.status === "Executing") {
    if (run.execution_arn === undefined) return { ...run, execution_arn: await parts.start(run, signal) };
    return { ...run, outcome: await parts.follow(run, { signal, onStep }), status: "Reporting" };
  }
  await parts.report(run, signal);
  return finish(run, watcher);
}

/** A failure is reported like a success; one of the reporting itself changes nothing of what has been done. */
function fail<Outcome>(run: Run<Outcome>, error: unknown, watcher: RunWatcher<Outcome>): Run<Outcome> {
  const failure_reason = error instanceof Error ? error.message : String(error);
  if (run.status !== "Reporting") return { ...run, status: "Reporting", failure_reason };
  watcher.onFault(error);
  return finish(run, watcher);
}

function finish<Outcome>(run: Run<Outcome>, { clock }: RunWatcher<Outcome>): Run<Outcome> {
  const status = run.failure_reason === undefined ? "Succeeded" : "Failed";
  return { ...run, status, finished_at: clock.now().toISOString() };
}
