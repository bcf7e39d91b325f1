import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createMetricMatcher, createProcessExecutor } from "@rondo/run";
import { createDiskBodies, createLogs, createMetrics, createObjects, createResources, type Sql } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { endJobs } from "../../jobs/end-jobs.ts";
import type { JobKindDependencies } from "../../jobs/job-definition.ts";

export const caller: Caller = {
  accountId: "111122223333",
  region: "eu-west-1",
  accessKeyId: "AKIDTRAINING",
  arn: "arn:aws:iam::111122223333:user/training",
};

/** What every kind of job needs, with real processes, objects and logs, on the given database; a bucket `data` is there. */
export async function openJobHouse(sql: Sql, clock: { now(): Date }) {
  const directory = await mkdtemp(join(tmpdir(), "rondo-jobs-"));
  const stopping = new AbortController();
  const resources = createResources({ sql, clock });
  const objects = createObjects({ sql, clock, bodies: createDiskBodies({ directory: join(directory, "objects") }) });
  const logs = createLogs({ sql, clock });
  const metrics = createMetrics({ sql, clock });
  const runs = join(directory, "started");
  const jobs = join(directory, "jobs");
  const executions = join(directory, "executions");
  const matcher = createMetricMatcher();
  await objects.createBucket({ ...caller, bucket: "data" });
  const ports = { sql, resources, objects, logs, metrics, matcher, clock };
  const kindDependencies: JobKindDependencies & { readonly sql: Sql } = {
    ...ports,
    executor: createProcessExecutor({ directory: executions }),
    directory: jobs,
    jobEnvironment: async () => ({ RUNS: runs }),
    signal: stopping.signal,
  };
  return {
    ...ports,
    kindDependencies,
    directories: { jobs, executions },
    /** How often a program was started. */
    countRuns: async () => (await readFile(runs, "utf8").catch(() => "")).split("\n").length - 1,
    /** What jobs and executor left on the disk. */
    leftovers: async () =>
      (await Promise.all([jobs, executions].map((folder) => readdir(folder).catch(() => [])))).flat(),
    /** All log events, in order. */
    readLog: async () =>
      (await sql.query<{ message: string }>("select message from log_event order by id")).map(({ message }) => message),
    /** Bytes of an object of the bucket `data`. */
    async readObject(key: string): Promise<Buffer> {
      const { body } = await objects.get({ ...caller, bucket: "data" }, key);
      return Buffer.isBuffer(body) ? body : await buffer(body);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      // A test that failed may have left programs behind.
      await endJobs(kindDependencies);
      await matcher[Symbol.asyncDispose]();
      await objects.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export type JobHouse = Awaited<ReturnType<typeof openJobHouse>>;
