import type { Objects, Owner, Resources, Sql } from "@rondo/store";
import type { JobBody } from "../jobs/job-run.ts";
import type { DatasetBody } from "./dataset-body.ts";
import { type PersonalizeType, personalizeType } from "./personalize-resource.ts";
import { RUNNING_STATUSES } from "./resource-use.ts";
import { bucketOwner, createPersonalizeStorage, INTERNAL_ACCOUNT, importReportKey } from "./storage.ts";

export interface SweepSegmentsDependencies {
  readonly sql: Sql;
  readonly resources: Pick<Resources, "find">;
  readonly objects: Objects;
}

const PAGE = 1000;

/** The jobs that write segments before a dataset lists them. */
const WRITERS: readonly PersonalizeType[] = ["dataset-import-job", "data-deletion-job"];

/** `datasets/<group>/<TYPE>/<run>.parquet`: what an import or an erasure wrote. Of the latter the run is followed by a number. */
const SEGMENT = /^datasets\/([^/]+\/[^/]+)\/(.+)\.parquet$/;

/**
 * Deletes segments that no dataset lists, with their reports: what a crash left between storing and listing, or between listing others and deleting. Those of
 * jobs that go on are left to them. Returns how many went.
 */
export async function sweepSegments(dependencies: SweepSegmentsDependencies, signal: AbortSignal): Promise<number> {
  const { objects } = dependencies;
  const storage = createPersonalizeStorage(dependencies);
  let swept = 0;
  for (let startAfter: string | undefined; ; ) {
    const buckets = await objects.listBuckets(INTERNAL_ACCOUNT, { prefix: "personalize-", startAfter, limit: PAGE });
    for (const { bucket } of buckets) {
      const owner = bucketOwner(bucket);
      if (owner === undefined) continue;
      for await (const keys of unlistedKeys(dependencies, owner, { bucket, signal })) {
        await storage.delete(
          owner,
          keys.flatMap((key) => [key, importReportKey(key)]),
        );
        swept += keys.length;
      }
    }
    startAfter = buckets.at(-1)?.bucket;
    if (buckets.length < PAGE) return swept;
  }
}

async function* unlistedKeys(
  dependencies: SweepSegmentsDependencies,
  owner: Owner,
  { bucket, signal }: { readonly bucket: string; readonly signal: AbortSignal },
): AsyncGenerator<string[]> {
  const query = { accountId: INTERNAL_ACCOUNT, bucket, prefix: "datasets/", limit: PAGE };
  for (let startAfter: string | undefined; ; ) {
    signal.throwIfAborted();
    const page = await dependencies.objects.list({ ...query, startAfter });
    // In this order: a run that has ended since the objects were listed has listed its segment by now.
    const running = await runningIds(dependencies.sql, owner);
    const listed = new Map<string, ReadonlySet<string>>();
    const unlisted: string[] = [];
    for (const { key } of page.objects) {
      const [, dataset = "", run = ""] = SEGMENT.exec(key) ?? [];
      if (dataset === "" || running.some((id) => run === id || run.startsWith(`${id}-`))) continue;
      const keys = listed.get(dataset) ?? (await listedKeys(dependencies, owner, dataset));
      listed.set(dataset, keys);
      if (!keys.has(key)) unlisted.push(key);
    }
    yield unlisted;
    if (page.nextStartAfter === undefined) return;
    startAfter = page.nextStartAfter;
  }
}

async function listedKeys(
  { resources }: SweepSegmentsDependencies,
  owner: Owner,
  dataset: string,
): Promise<ReadonlySet<string>> {
  const row = await resources.find<DatasetBody>(owner, personalizeType("dataset"), dataset);
  return new Set(row?.body.segments.map(({ key }) => key));
}

/** The runs of jobs that go on: not more than AWS's limits allow. */
async function runningIds(sql: Sql, { accountId, region }: Owner): Promise<string[]> {
  const rows = await sql.query<{ readonly id: JobBody["run"]["id"] }>(
    `select body -> 'run' ->> 'id' as id from resource
     where account_id = $1 and region = $2 and type = any ($3) and status = any ($4)`,
    [accountId, region, WRITERS.map(personalizeType), RUNNING_STATUSES],
  );
  return rows.map(({ id }) => id);
}
