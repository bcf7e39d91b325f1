import { setTimeout as pause } from "node:timers/promises";
import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import type { ApplicationContext } from "../application-context.ts";
import { isOutOfReach } from "../storage/out-of-reach.ts";
import { latestRows } from "../storage/read-rows.ts";
import { isFinished, type Run, type RunKind, runTable } from "./run.ts";

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

/** Carries out runs of one kind in the background. */
export interface Runner<Outcome> extends AsyncDisposable {
  /** Stores the run and begins with it. Resolves when it is stored. */
  begin(run: Run<Outcome>): Promise<void>;
  /** Goes on, in the background, with the runs that a stop left unfinished. */
  resume(): void;
  find(runId: string): Promise<Run<Outcome> | undefined>;
  latest(): Promise<Run<Outcome> | undefined>;
  /** What is known of the steps of a run that this process carries out. */
  steps(runId: string): readonly RunStep[];
  /** Leaves what runs to the next start. */
  close(): Promise<void>;
}

/** Between two tries while something is out of reach. */
const RETRY_MS = 2_000;

export function createRunner<Outcome>(
  context: ApplicationContext,
  kind: RunKind,
  parts: RunParts<Outcome>,
): Runner<Outcome> {
  const { clock, dynamodb, onFault } = context;
  const table = runTable<Outcome>(context);
  const closing = new AbortController();
  const { signal } = closing;
  const active = new Map<string, Promise<void>>();
  let resuming: Promise<void> | undefined;
  let newest: Run<Outcome> | undefined;
  const stepsOf = new Map<string, RunStep[]>();

  function noteStep(runId: string, step: RunStep): void {
    const others = (stepsOf.get(runId) ?? []).filter((known) => known.step !== step.step);
    stepsOf.set(runId, [...others, step]);
  }

  /** From one status to the next. */
  async function takeStep(run: Run<Outcome>): Promise<Run<Outcome>> {
    switch (run.status) {
      case "Preparing":
        return { ...run, ...(await parts.prepare(run, signal)), status: "Executing" };
      case "Executing": {
        if (run.execution_arn === undefined) return { ...run, execution_arn: await parts.start(run, signal) };
        const onStep = (step: RunStep) => noteStep(run.run_id, step);
        return { ...run, outcome: await parts.follow(run, { signal, onStep }), status: "Reporting" };
      }
      default:
        await parts.report(run, signal);
        return finish(run);
    }
  }

  /** A failure is reported like a success; one of the reporting itself changes nothing of what has been done. */
  function fail(run: Run<Outcome>, error: unknown): Run<Outcome> {
    const failure_reason = error instanceof Error ? error.message : String(error);
    if (run.status !== "Reporting") return { ...run, status: "Reporting", failure_reason };
    onFault(error);
    return finish(run);
  }

  function finish(run: Run<Outcome>): Run<Outcome> {
    const status = run.failure_reason === undefined ? "Succeeded" : "Failed";
    return { ...run, status, finished_at: clock.now().toISOString() };
  }

  async function carryOut(begun: Run<Outcome>): Promise<void> {
    let run = begun;
    while (!isFinished(run) && !signal.aborted) {
      try {
        const next = await takeStep(run).catch((error: unknown) => {
          if (signal.aborted || isOutOfReach(error)) throw error;
          return fail(run, error);
        });
        await table.put(next);
        run = next;
        if (newest?.run_id === run.run_id) newest = run;
      } catch (error) {
        if (signal.aborted) return;
        if (!isOutOfReach(error)) onFault(error);
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Latest first. The table is made with the infrastructure, which a bootstrap makes. */
  function rows(): AsyncGenerator<Run<Outcome>> {
    return latestRows<Run<Outcome>>(dynamodb, { tableName: table.name, kind, signal });
  }

  async function latestStored(): Promise<Run<Outcome> | undefined> {
    try {
      for await (const run of rows()) return run;
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
    return undefined;
  }

  function carryOn(run: Run<Outcome>): void {
    if (active.has(run.run_id)) return;
    const done = carryOut(run).finally(() => active.delete(run.run_id));
    active.set(run.run_id, done);
  }

  async function resumeUnfinished(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const run of rows()) if (!isFinished(run)) carryOn(run);
        return;
      } catch (error) {
        if (signal.aborted || error instanceof ResourceNotFoundException) return;
        if (!isOutOfReach(error)) onFault(error);
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const close = async (): Promise<void> => {
    closing.abort(new Error("The service is closing."));
    await resuming;
    await Promise.all(active.values());
  };

  return {
    async begin(run) {
      await table.put(run);
      newest = run;
      carryOn(run);
    },
    resume() {
      resuming = resumeUnfinished();
    },
    find: (runId) => table.get(runId),
    async latest() {
      const stored = await latestStored();
      // The index is behind the table for a moment.
      return newest === undefined || (stored !== undefined && stored.timestamp >= newest.timestamp) ? stored : newest;
    },
    steps: (runId) => stepsOf.get(runId) ?? [],
    close,
    [Symbol.asyncDispose]: close,
  };
}
