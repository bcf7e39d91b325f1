import type { Executor } from "@rondo/run";
import type { Sql } from "@rondo/store";
import { JOB_TYPES } from "./job-types.ts";

const PAGE = 100;

/**
 * Kills the programs of all jobs that go on, of every account and region: before everything is emptied. Also those that a crash started without
 * noting it. The rows are left as they are.
 */
export async function endJobs(dependencies: { readonly sql: Sql; readonly executor: Executor }): Promise<void> {
  const { sql, executor } = dependencies;
  let after = 0;
  for (;;) {
    const rows = await sql.query<{ readonly id: number; readonly run: string }>(
      `select id, body -> 'run' ->> 'id' as run from resource
       where type = any ($1) and status in ('InProgress', 'Stopping') and id > $2 order by id limit $3`,
      [JOB_TYPES, after, PAGE],
    );
    for (const { run } of rows) await executor.remove({ id: run });
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}
