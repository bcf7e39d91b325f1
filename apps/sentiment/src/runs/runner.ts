import { setTimeout as pause } from "node:timers/promises";
import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import type { ApplicationContext } from "../application-context.ts";
import { isOutOfReach } from "../storage/out-of-reach.ts";
import { latestRows } from "../storage/read-rows.ts";
import { carryOutRun, type RunParts, type RunStep } from "./carry-out-run.ts";
import { isFinished, type Run, type RunKind, runTable } from "./run.ts";

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
  const stepsOf = new Map<string, RunStep[]>();
  let resuming: Promise<void> | undefined;
  let newest: Run<Outcome> | undefined;

  /** Latest first. */
  const rows = () => latestRows<Run<Outcome>>(dynamodb, { tableName: table.name, kind, signal });

  function carryOn(run: Run<Outcome>): void {
    const { run_id } = run;
    if (active.has(run_id)) return;
    const done = carryOutRun(run, parts, {
      clock,
      onFault,
      signal,
      retryAfterMs: RETRY_MS,
      onStep(step) {
        const others = (stepsOf.get(run_id) ?? []).filter((known) => known.step !== step.step);
        stepsOf.set(run_id, [...others, step]);
      },
      async save(next) {
        await table.put(next);
        if (newest?.run_id === run_id) newest = next;
      },
    });
    active.set(
      run_id,
      done.finally(() => active.delete(run_id)),
    );
  }

  async function resumeUnfinished(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const run of rows()) if (!isFinished(run)) carryOn(run);
        return;
      } catch (error) {
        // Before the first bootstrap there is no table, and so no run.
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
      const stored = await firstOf(rows());
      // The index is behind the table for a moment.
      return newest === undefined || (stored !== undefined && stored.timestamp >= newest.timestamp) ? stored : newest;
    },
    steps: (runId) => stepsOf.get(runId) ?? [],
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function firstOf<Row>(rows: AsyncIterable<Row>): Promise<Row | undefined> {
  try {
    for await (const row of rows) return row;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  return undefined;
}
