import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../application-context.ts";
import type { Database } from "../database/database.ts";
import { describeFailure, isTransient } from "../is-transient.ts";
import type { Run, RunKind, RunKindName } from "./run.ts";
import { beginRun, claimRun, latestRun, renewClaim, saveAdvance, saveFailure } from "./run-store.ts";

export interface RunnerContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** Begins runs when they are due and takes them on, each kind on its own. */
export interface Runner {
  /** Begins a run unless one of its kind runs; returns the one that runs now. */
  begin(kind: RunKindName, reason: string): Promise<Run>;
  /** Leaves what runs to the next start. */
  close(): Promise<void>;
}

/** Between two looks whether anything is to do. */
const LOOK_MS = 1_000;
/** Between two tries of a step while something is out of reach. */
const RETRY_MS = 5_000;
/** After a fault of the look itself, which would only be the same again. */
const FAULT_MS = 30_000;
const RENEW_MS = 4_000;

export function startRunner(context: RunnerContext, kinds: readonly RunKind<unknown>[]): Runner {
  const worker = randomUUID();
  const closing = new AbortController();
  const { signal } = closing;
  const loops = kinds.map((kind) => follow(context, kind, { worker, signal }));
  return {
    begin(name, reason) {
      const kind = kinds.find((each) => each.name === name);
      if (kind === undefined) throw new Error(`Nothing here runs ${name}.`);
      return beginRun(context.database, kind, { reason, now: context.clock.now() });
    },
    async close() {
      closing.abort(new Error("The application is closing."));
      await Promise.all(loops);
    },
  };
}

interface Worker {
  readonly worker: string;
  readonly signal: AbortSignal;
}

async function follow(context: RunnerContext, kind: RunKind<unknown>, { worker, signal }: Worker): Promise<void> {
  while (!signal.aborted) {
    let restMs = LOOK_MS;
    try {
      const hasAdvanced = await advanceOnce(context, kind, { worker, signal });
      if (hasAdvanced) continue;
    } catch (error) {
      if (!signal.aborted && !isTransient(error)) context.onFault(error);
      restMs = FAULT_MS;
    }
    await pause(restMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Begins what is due and takes one step of what runs. Returns whether there was one to take. */
export async function advanceOnce(
  context: RunnerContext,
  kind: RunKind<unknown>,
  { worker, signal }: Worker,
): Promise<boolean> {
  const { database, clock } = context;
  const latest = await latestRun(database, kind.name);
  if (latest?.status !== "Running") {
    if (!(await kind.isDue(latest))) return false;
    await beginRun(database, kind, { reason: "schedule", now: clock.now() });
  }
  const run = await claimRun(database, kind.name, { worker, now: clock.now() });
  if (run === undefined) return false;
  const renewal = setInterval(() => {
    renewClaim(database, run.run_id, { worker, now: clock.now() }).catch(() => undefined);
  }, RENEW_MS);
  try {
    const advance = await kind.advance(run, signal);
    await saveAdvance(database, run, advance, { worker, now: clock.now() });
  } catch (error) {
    if (signal.aborted) return false;
    const isFinal = !isTransient(error);
    if (isFinal) context.onFault(error);
    const retryAt = isFinal ? undefined : new Date(clock.now().getTime() + RETRY_MS);
    await saveFailure(database, run, { reason: describeFailure(error), retryAt }, { worker, now: clock.now() });
  } finally {
    clearInterval(renewal);
  }
  return true;
}
