import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Executor } from "@rondo/run";
import type { Sql } from "@rondo/store";
import { isRunId } from "./job-run-id.ts";
import { JOB_TYPES } from "./job-types.ts";

export interface SweepDependencies {
  readonly sql: Sql;
  readonly executor: Executor;
  /** The directory that holds the jobs' directories. */
  readonly directory: string;
}

const PAGE = 100;

/**
 * Deletes the directories of jobs that have ended or are gone, and ends their programs: what a crash, a full disk or a reset left behind. A directory is made
 * after its job's row, so one without a row that goes on belongs to nobody.
 */
export async function sweepJobs({ sql, executor, directory }: SweepDependencies): Promise<void> {
  const found = (await readdir(directory).catch(() => [])).filter(isRunId);
  for (let start = 0; start < found.length; start += PAGE) {
    const page = found.slice(start, start + PAGE);
    const rows = await sql.query<{ readonly id: string }>(
      `select body -> 'run' ->> 'id' as id from resource
       where type = any ($1) and status in ('InProgress', 'Stopping') and body -> 'run' ->> 'id' = any ($2)`,
      [JOB_TYPES, page],
    );
    const live = new Set(rows.map(({ id }) => id));
    for (const id of page.filter((name) => !live.has(name))) {
      await executor.remove({ id });
      await rm(join(directory, id), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
