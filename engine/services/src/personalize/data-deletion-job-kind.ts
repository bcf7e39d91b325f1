import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResourceKind } from "@rondo/control";
import { type ErasureResult, personalizeCommand, writePersonalizeConfiguration } from "@rondo/images";
import { type DatasetType, segmentFile } from "@rondo/personalize";
import type { DatasetRecords, Sql } from "@rondo/store";
import type { JobDefinition, JobKindDependencies, JobPlace } from "../jobs/job-definition.ts";
import { createJobKind, jobCrashPoints } from "../jobs/job-kind.ts";
import { stageCsv } from "./csv-source.ts";
import type { DataDeletionJob, DataDeletionJobBody } from "./data-deletion-job-body.ts";
import { type DatasetSegment, datasetName } from "./dataset-body.ts";
import { replaceSegments } from "./dataset-segments.ts";
import { definePersonalizeJob } from "./personalize-job.ts";
import { parsePersonalizeArn, personalizeArn, personalizeType } from "./personalize-resource.ts";
import { stageDatasets } from "./stage-datasets.ts";
import { importReportPrefix, type PersonalizeStorage, segmentKey } from "./storage.ts";

/** Where tests kill the server. */
export const dataDeletionJobCrashPoints = jobCrashPoints("data-deletion-job");

export interface DataDeletionJobKindDependencies extends JobKindDependencies {
  readonly sql: Sql;
  readonly storage: PersonalizeStorage;
  readonly records: DatasetRecords;
}

/** The datasets that have users. */
const TYPES: readonly DatasetType[] = ["Interactions", "Users", "Action_Interactions"];
/** Which segments were staged: what the program writes is numbered as they were. */
const STAGED_FILE = join("input", "config", "segments.json");
/** Single records that are deleted at a time. */
const PAGE = 10_000;

type StagedSegments = Readonly<Partial<Record<DatasetType, readonly DatasetSegment[]>>>;

/**
 * Data deletion jobs: user ids from S3 in; segments without these users take the place of those with them, and single records of theirs are deleted. Which
 * models may still have learned from them, `findErasedModels` knows.
 */
export function createDataDeletionJobKind(
  dependencies: DataDeletionJobKindDependencies,
): ResourceKind<DataDeletionJobBody> {
  return createJobKind(dependencies, defineDeletions(dependencies));
}

function defineDeletions(dependencies: DataDeletionJobKindDependencies): JobDefinition<DataDeletionJobBody> {
  const { resources, objects, storage, records } = dependencies;

  async function stage(job: DataDeletionJob, { directory, signal }: JobPlace): Promise<void> {
    const { datasetGroupArn, dataSource } = job.body;
    const s3Uri = dataSource.dataLocation ?? "";
    const options = { owner: job, datasetGroupArn, types: TYPES, directory, signal };
    const { datasets } = await stageDatasets(dependencies, options);
    await stageCsv({ objects, accountId: job.accountId, s3Uri, directory, signal });
    await writePersonalizeConfiguration(directory, "erase", {});
    const staged = Object.fromEntries(datasets.map(({ body }) => [body.schema.type, body.segments]));
    await writeFile(join(directory, STAGED_FILE), JSON.stringify(staged satisfies StagedSegments));
  }

  async function upload(job: DataDeletionJob, { directory, signal }: JobPlace): Promise<DataDeletionJobBody> {
    const { body } = job;
    if (body.run.outcome?.result !== "Completed") return body;
    const result = await readJson<ErasureResult>(join(directory, "model", "erasure.json"));
    const staged = await readJson<StagedSegments>(join(directory, STAGED_FILE));
    await replaceSegments(dependencies, job, await storeSegments(job, { directory, signal }, { result, staged }));
    await deleteRecords(job, result.userIds, signal);
    await storage.deletePrefix(job, importReportPrefix(groupOf(job)), signal);
    const numDeleted = result.segments.reduce((sum, { erased }) => sum + erased, result.events);
    return { ...body, numDeleted };
  }

  /** Puts what is left of each segment; for each dataset what takes the place of which key. */
  async function storeSegments(
    job: DataDeletionJob,
    { directory, signal }: JobPlace,
    { result, staged }: { readonly result: ErasureResult; readonly staged: StagedSegments },
  ): Promise<Map<string, Map<string, DatasetSegment | undefined>>> {
    const replacements = new Map<string, Map<string, DatasetSegment | undefined>>();
    for (const { type, index, rows } of result.segments) {
      const name = datasetName(groupOf(job), type);
      const former = staged[type]?.[index];
      if (former === undefined)
        throw new Error(`${job.arn} erased from segment ${index} of ${name}, which was not staged.`);
      const arn = personalizeArn(job, "dataset", name);
      const byKey = replacements.get(arn) ?? new Map<string, DatasetSegment | undefined>();
      replacements.set(arn, byKey);
      const key = segmentKey(name, `${job.body.run.id}-${index}`);
      if (rows > 0) await storage.putFile(job, key, join(directory, "model", type, segmentFile(index)), signal);
      byKey.set(former.key, rows > 0 ? { ...former, key, rows } : undefined);
    }
    return replacements;
  }

  async function deleteRecords(job: DataDeletionJob, userIds: readonly string[], signal: AbortSignal): Promise<void> {
    const group = await resources.find(job, personalizeType("dataset-group"), groupOf(job));
    if (group === undefined) return;
    for (const userId of userIds) {
      signal.throwIfAborted();
      while ((await records.deleteUser({ groupId: group.id, userId, limit: PAGE })) === PAGE) signal.throwIfAborted();
    }
  }

  return {
    ...definePersonalizeJob<DataDeletionJobBody>("data-deletion-job", personalizeCommand("erase")),
    findProblem: async () => undefined,
    stage,
    upload,
  };
}

function groupOf({ body }: DataDeletionJob): string {
  return parsePersonalizeArn(body.datasetGroupArn, "dataset-group")?.name ?? "";
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, "utf8")) as Content;
}
