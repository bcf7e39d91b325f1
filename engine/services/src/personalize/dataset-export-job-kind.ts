import { join } from "node:path";
import type { ResourceKind } from "@rondo/control";
import { ClientError, personalizeCommand, writePersonalizeConfiguration } from "@rondo/images";
import { publishFolder } from "@rondo/run";
import type { DatasetRecords } from "@rondo/store";
import type { JobDefinition, JobKindDependencies, JobPlace } from "../jobs/job-definition.ts";
import { createJobKind, jobCrashPoints } from "../jobs/job-kind.ts";
import { findOutputProblem, uploadTo } from "../jobs/job-locations.ts";
import { toDatasetType } from "./dataset-body.ts";
import { type DatasetExportJob, type DatasetExportJobBody, exportPath } from "./dataset-export-job-body.ts";
import { definePersonalizeJob } from "./personalize-job.ts";
import { stageDatasets } from "./stage-datasets.ts";
import type { PersonalizeStorage } from "./storage.ts";

/** Where tests kill the server. */
export const datasetExportJobCrashPoints = jobCrashPoints("dataset-export-job");

export interface DatasetExportJobKindDependencies extends JobKindDependencies {
  readonly storage: PersonalizeStorage;
  readonly records: DatasetRecords;
}

/** Dataset export jobs: a dataset in, `<job name>.csv` at the user's path out. */
export function createDatasetExportJobKind(
  dependencies: DatasetExportJobKindDependencies,
): ResourceKind<DatasetExportJobBody> {
  return createJobKind(dependencies, defineExports(dependencies));
}

function defineExports(dependencies: DatasetExportJobKindDependencies): JobDefinition<DatasetExportJobBody> {
  const { objects } = dependencies;

  async function stage(job: DatasetExportJob, { directory, signal }: JobPlace): Promise<void> {
    const { datasetArn, datasetGroupArn, ingestionMode } = job.body;
    const type = toDatasetType(datasetArn.slice(datasetArn.lastIndexOf("/") + 1));
    const types = type === undefined ? [] : [type];
    const { datasets } = await stageDatasets(dependencies, { owner: job, datasetGroupArn, types, directory, signal });
    if (type === undefined || datasets.length === 0)
      throw new ClientError(`The dataset ${datasetArn} has been deleted.`);
    const configuration = { type, mode: ingestionMode, fileName: `${job.name}.csv` };
    await writePersonalizeConfiguration(directory, "export", configuration);
  }

  async function upload(job: DatasetExportJob, place: JobPlace): Promise<DatasetExportJobBody> {
    const { body, accountId } = job;
    if (body.run.outcome?.result !== "Completed") return body;
    const s3Uri = exportPath(body);
    const folder = join("output", "data");
    await uploadTo(s3Uri, async () => await publishFolder({ objects, accountId, folder, s3Uri, ...place }));
    return body;
  }

  return {
    ...definePersonalizeJob<DatasetExportJobBody>("dataset-export-job", personalizeCommand("export")),
    findProblem: async (job) => await findOutputProblem(objects, job, exportPath(job.body)),
    stage,
    upload,
  };
}
