import { randomUUID } from "node:crypto";
import type { Database } from "../database/database.ts";
import type { Advance, Run, RunKind, RunKindName } from "./run.ts";

/** A claim that is not renewed is over by then: after a kill the next start goes on so much later. */
const CLAIM_MS = 15_000;

const COLUMNS = "run_id, kind, status, step, state, reason, started_at, finished_at, failure_reason";

/** Stores a new run, unless one of its kind runs already; then that one is returned. */
export async function beginRun<State>(
  database: Database,
  kind: Pick<RunKind<State>, "name" | "begin">,
  { reason, now }: { readonly reason: string; readonly now: Date },
): Promise<Run<State>> {
  const { state, step } = await kind.begin();
  for (;;) {
    const [row] = await database.query<Run<State>>(
      `insert into recommendations.runs (run_id, kind, status, step, state, reason, started_at, due_at)
       values ($1, $2, 'Running', $3, $4::jsonb, $5, $6, $6)
       on conflict (kind) where status = 'Running' do nothing returning ${COLUMNS}`,
      [randomUUID(), kind.name, step, JSON.stringify(state), reason, now],
    );
    const run = row ?? (await latestRun<State>(database, kind.name));
    // One that has ended between the two statements leaves room for the next try.
    if (run !== undefined && (row !== undefined || run.status === "Running")) return run;
  }
}

/** Takes a run whose time has come and that nobody else works on. */
export async function claimRun<State>(
  database: Database,
  kind: RunKindName,
  { worker, now }: { readonly worker: string; readonly now: Date },
): Promise<Run<State> | undefined> {
  const [row] = await database.query<Run<State>>(
    `update recommendations.runs set claimed_by = $2, claimed_until = $3
     where run_id = (
       select run_id from recommendations.runs
       where kind = $1 and status = 'Running' and due_at <= $4 and (claimed_until <= $4 or claimed_by = $2)
       limit 1 for update skip locked)
     returning ${COLUMNS}`,
    [kind, worker, new Date(now.getTime() + CLAIM_MS), now],
  );
  return row;
}

/** Goes on holding a run. */
export async function renewClaim(
  database: Database,
  runId: string,
  { worker, now }: { readonly worker: string; readonly now: Date },
): Promise<void> {
  await database.query(
    "update recommendations.runs set claimed_until = $3 where run_id = $1 and claimed_by = $2 and status = 'Running'",
    [runId, worker, new Date(now.getTime() + CLAIM_MS)],
  );
}

/** Stores what a step has come to. A worker that has lost its claim writes nothing. */
export async function saveAdvance(
  database: Database,
  run: Run,
  advance: Advance<unknown>,
  { worker, now }: { readonly worker: string; readonly now: Date },
): Promise<void> {
  const isFinished = advance.step === undefined;
  await database.query(
    `update recommendations.runs
     set state = $3::jsonb, step = $4, status = $5, due_at = $6, finished_at = $7, failure_reason = null
     where run_id = $1 and claimed_by = $2 and status = 'Running'`,
    [
      run.run_id,
      worker,
      JSON.stringify(advance.state),
      advance.step ?? run.step,
      isFinished ? "Succeeded" : "Running",
      new Date(now.getTime() + (advance.afterMs ?? 0)),
      isFinished ? now : null,
    ],
  );
}

/** Ends a run with a reason that a person can act on, or, with `retryAt`, notes the reason and tries the step again then. */
export async function saveFailure(
  database: Database,
  run: Run,
  failure: { readonly reason: string; readonly retryAt: Date | undefined },
  { worker, now }: { readonly worker: string; readonly now: Date },
): Promise<void> {
  const isFinal = failure.retryAt === undefined;
  await database.query(
    `update recommendations.runs set failure_reason = $3, status = $4, due_at = coalesce($5, due_at), finished_at = $6
     where run_id = $1 and claimed_by = $2 and status = 'Running'`,
    [run.run_id, worker, failure.reason, isFinal ? "Failed" : "Running", failure.retryAt ?? null, isFinal ? now : null],
  );
}

export async function latestRun<State>(database: Database, kind: RunKindName): Promise<Run<State> | undefined> {
  const [row] = await database.query<Run<State>>(
    `select ${COLUMNS} from recommendations.runs where kind = $1 order by started_at desc limit 1`,
    [kind],
  );
  return row;
}

/** The newest runs, of one kind or of all. */
export function listRuns(
  database: Database,
  { kind, limit }: { readonly kind?: RunKindName | undefined; readonly limit: number },
): Promise<Run[]> {
  return database.query<Run>(
    `select ${COLUMNS} from recommendations.runs where $1::text is null or kind = $1 order by started_at desc limit $2`,
    [kind ?? null, limit],
  );
}
