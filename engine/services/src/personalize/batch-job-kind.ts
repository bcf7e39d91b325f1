import type { ResourceKind } from "@rondo/control";
import { ClientError } from "@rondo/images";
import { BATCH_FOLDERS, type BatchRequest } from "@rondo/personalize";
import { publishFolder } from "@rondo/run";
import type { DatasetRecords, Resource } from "@rondo/store";
import type { JobDefinition, JobKindDependencies, JobPlace } from "../jobs/job-definition.ts";
import { createJobKind, jobCrashPoints } from "../jobs/job-kind.ts";
import { findOutputProblem, uploadTo } from "../jobs/job-locations.ts";
import type { BatchJob, BatchJobBody, BatchJobType } from "./batch-job-body.ts";
import type { FilterBody } from "./filter.ts";
import { definePersonalizeJob } from "./personalize-job.ts";
import { parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import { stageSource } from "./s3-source.ts";
import { stageDatasets } from "./stage-datasets.ts";
import { stageModel } from "./stage-model.ts";
import type { PersonalizeStorage } from "./storage.ts";

/** Where tests kill the server. */
export const batchJobCrashPoints = (type: BatchJobType): readonly string[] => jobCrashPoints(type);

/** What runs a batch job; tests put another in its place. */
export interface BatchProgram {
  /** The argument vector. */
  readonly command: readonly string[];
  /** Writes the program's configuration into what stands for `/opt/ml`. */
  configure(directory: string, request: BatchRequest): Promise<void>;
}

export interface BatchJobKindDependencies extends JobKindDependencies {
  readonly storage: PersonalizeStorage;
  readonly records: DatasetRecords;
  readonly program: BatchProgram;
}

/** Batch inference jobs, or batch segment jobs: a model and the user's lines in, `<object>.out` for each of his objects out. */
export function createBatchJobKind(
  dependencies: BatchJobKindDependencies,
  type: BatchJobType,
): ResourceKind<BatchJobBody> {
  return createJobKind(dependencies, defineBatchJobs(dependencies, type));
}

function defineBatchJobs(dependencies: BatchJobKindDependencies, type: BatchJobType): JobDefinition<BatchJobBody> {
  const { objects, storage, program } = dependencies;

  async function stage(job: BatchJob, place: JobPlace): Promise<void> {
    const { modelUri, datasetGroupArn, jobInput, numResults, batchInferenceJobConfig } = job.body;
    const filterExpression = await findExpression(job);
    await stageModel(storage, { owner: job, modelUri }, place);
    await stageDatasets(dependencies, { owner: job, datasetGroupArn, withSegments: false, ...place });
    const source = { s3Uri: jobInput.s3DataSource.path ?? "", folder: BATCH_FOLDERS.requests, noun: "object" };
    await stageSource({ objects, accountId: job.accountId, ...source, ...place });
    const kind = type === "batch-segment-job" ? "segment" : "inference";
    const { itemExplorationConfig } = batchInferenceJobConfig ?? {};
    await program.configure(place.directory, { kind, numResults, filterExpression, itemExplorationConfig });
  }

  async function findExpression(job: BatchJob): Promise<string | undefined> {
    const { filterArn } = job.body;
    if (filterArn === undefined) return undefined;
    const name = parsePersonalizeArn(filterArn, "filter")?.name ?? "";
    const filter: Resource<FilterBody> | undefined = await dependencies.resources.find(
      job,
      personalizeType("filter"),
      name,
    );
    if (filter === undefined) throw new ClientError(`The filter ${filterArn} has been deleted.`);
    return filter.body.filterExpression;
  }

  async function upload(job: BatchJob, { directory, signal }: JobPlace): Promise<BatchJobBody> {
    if (job.body.run.outcome?.result !== "Completed") return job.body;
    const s3Uri = destination(job);
    const options = { objects, accountId: job.accountId, directory, folder: BATCH_FOLDERS.answers, s3Uri, signal };
    await uploadTo(s3Uri, async () => await publishFolder(options));
    return job.body;
  }

  return {
    ...definePersonalizeJob<BatchJobBody>(type, program.command),
    findProblem: async (job) => await findOutputProblem(objects, job, destination(job)),
    stage,
    upload,
  };
}

function destination({ body }: BatchJob): string {
  return body.jobOutput.s3DataDestination.path ?? "";
}
