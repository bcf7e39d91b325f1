import { ClientError } from "@rondo/images";
import type { Owner, Resources, Sql, SqlConnection } from "@rondo/store";
import type { Dataset, DatasetBody, DatasetSegment } from "./dataset-body.ts";
import { parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import { importReportKey, type PersonalizeStorage } from "./storage.ts";

export interface SegmentDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly storage: PersonalizeStorage;
}

/** A segment that is there as an object, and the run that wrote it. */
export interface ImportedSegment extends DatasetSegment {
  readonly runId: string;
  readonly mode: "FULL" | "INCREMENTAL";
}

/** Runs that a dataset remembers: more than can be under way at the same time. */
const MAX_RUNS = 100;

/**
 * Adds a segment to a dataset's list, or puts it in the place of all others: in one statement, and once, however often it is repeated. Throws ClientError
 * for a dataset that is gone.
 */
export async function listSegment(
  { sql, resources, storage }: SegmentDependencies,
  { owner, datasetArn }: { readonly owner: Owner; readonly datasetArn: string },
  { runId, mode, ...segment }: ImportedSegment,
): Promise<void> {
  const dropped = await sql.transaction(async (transaction) => {
    const dataset = await lockDataset(resources, owner, datasetArn, transaction);
    if (dataset === undefined) throw new ClientError(`The dataset ${datasetArn} has been deleted.`);
    const { segments, listedRuns } = dataset.body;
    if (listedRuns.includes(runId)) return [];
    const kept = mode === "FULL" ? [] : segments;
    const listed = { segments: [...kept, segment], listedRuns: [...listedRuns, runId].slice(-MAX_RUNS) };
    await resources.update(dataset, { body: { ...dataset.body, ...listed } }, transaction);
    return mode === "FULL" ? segments : [];
  });
  await storage.delete(
    owner,
    dropped.flatMap(({ key }) => [key, importReportKey(key)]),
  );
}

/**
 * Puts segments in the place of others, in all datasets at once; undefined drops one. What an import has replaced meanwhile is left as it is. The objects
 * that are not listed any more are deleted. May be repeated.
 */
export async function replaceSegments(
  { sql, resources, storage }: SegmentDependencies,
  owner: Owner,
  replacements: ReadonlyMap<string, ReadonlyMap<string, DatasetSegment | undefined>>,
): Promise<void> {
  await sql.transaction(async (transaction) => {
    for (const [datasetArn, byKey] of replacements) {
      const dataset = await lockDataset(resources, owner, datasetArn, transaction);
      if (dataset === undefined) continue;
      const segments = dataset.body.segments.flatMap((segment) => {
        const next = byKey.has(segment.key) ? byKey.get(segment.key) : segment;
        return next === undefined ? [] : [next];
      });
      await resources.update(dataset, { body: { ...dataset.body, segments } }, transaction);
    }
  });
  const former = [...replacements.values()].flatMap((byKey) => [...byKey.keys()]);
  await storage.delete(
    owner,
    former.flatMap((key) => [key, importReportKey(key)]),
  );
}

async function lockDataset(
  resources: Resources,
  owner: Owner,
  datasetArn: string,
  transaction: SqlConnection,
): Promise<Dataset | undefined> {
  const name = parsePersonalizeArn(datasetArn, "dataset")?.name ?? "";
  return await resources.findForUpdate<DatasetBody>(owner, personalizeType("dataset"), name, transaction);
}
