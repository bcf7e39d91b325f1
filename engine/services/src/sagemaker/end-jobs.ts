import type { Executor } from "@rondo/run";
import type { Sql } from "@rondo/store";
import type { JobRun } from "./job-run.ts";
import { JOB_TYPES } from "./job-types.ts";

const PAGE = 100;

/** Kills the programs of all jobs that run, of every account and region: before everything is emptied. The rows are left as they are. */
export async function endJobs(dependencies: { readonly sql: Sql; readonly executor: Executor }): Promise<void> {
  const { sql, executor } = dependencies;
  let after = 0;
  for (;;) {
    const rows = await sql.query<{ readonly id: number; readonly handle: NonNullable<JobRun["handle"]> }>(
      `select id, body -> 'run' -> 'handle' as handle from resource
       where type = any ($1) and status in ('InProgress', 'Stopping') and body -> 'run' ? 'handle' and id > $2 order by id limit $3`,
      [JOB_TYPES, after, PAGE],
    );
    for (const { handle } of rows) await executor.remove(handle);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}
