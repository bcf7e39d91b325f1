import type { Executor } from "@rondo/run";
import type { Sql } from "@rondo/store";
import { TRAINING_JOB, type TrainingRun } from "./training-job-body.ts";

const PAGE = 100;

/** Kills the programs of all training jobs that run, of every account and region: before everything is emptied. The rows are left as they are. */
export async function endTrainingJobs(dependencies: { readonly sql: Sql; readonly executor: Executor }): Promise<void> {
  const { sql, executor } = dependencies;
  let after = 0;
  for (;;) {
    const rows = await sql.query<{ readonly id: number; readonly handle: NonNullable<TrainingRun["handle"]> }>(
      `select id, body -> 'run' -> 'handle' as handle from resource
       where type = $1 and status in ('InProgress', 'Stopping') and body -> 'run' ? 'handle' and id > $2 order by id limit $3`,
      [TRAINING_JOB, after, PAGE],
    );
    for (const { handle } of rows) await executor.remove(handle);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}
