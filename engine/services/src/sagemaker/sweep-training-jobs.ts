import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Executor } from "@rondo/run";
import type { Sql } from "@rondo/store";
import { TRAINING_JOB } from "./training-job-body.ts";

export interface SweepDependencies {
  readonly sql: Sql;
  readonly executor: Executor;
  /** The directory that holds the jobs' directories. */
  readonly directory: string;
}

/** `<job name>-<12 hexadecimal digits>`, as createTrainingJob makes them: what else lies there is not ours to delete. */
const RUN_ID = /^.+-[0-9a-f]{12}$/;
const PAGE = 100;

/**
 * Deletes the directories of jobs that have ended or are gone, and ends their programs: what a crash, a full disk or a reset left behind. A directory is made
 * after its job's row, so one without a row that goes on belongs to nobody.
 */
export async function sweepTrainingJobs({ sql, executor, directory }: SweepDependencies): Promise<void> {
  const found = (await readdir(directory).catch(() => [])).filter((name) => RUN_ID.test(name));
  for (let start = 0; start < found.length; start += PAGE) {
    const page = found.slice(start, start + PAGE);
    const rows = await sql.query<{ readonly id: string }>(
      `select body -> 'run' ->> 'id' as id from resource
       where type = $1 and status in ('InProgress', 'Stopping') and body -> 'run' ->> 'id' = any ($2)`,
      [TRAINING_JOB, page],
    );
    const live = new Set(rows.map(({ id }) => id));
    for (const id of page.filter((name) => !live.has(name))) {
      await executor.remove({ id });
      await rm(join(directory, id), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
