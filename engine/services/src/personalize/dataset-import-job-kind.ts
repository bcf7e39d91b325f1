import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResourceKind } from "@rondo/control";
import { ClientError, personalizeCommand, writePersonalizeConfiguration } from "@rondo/images";
import { describeRefusals, type ImportReport } from "@rondo/personalize";
import type { Sql } from "@rondo/store";
import type { JobDefinition, JobKindDependencies, JobPlace } from "../jobs/job-definition.ts";
import { createJobKind, jobCrashPoints } from "../jobs/job-kind.ts";
import { stageCsv } from "./csv-source.ts";
import type { Dataset, DatasetBody } from "./dataset-body.ts";
import type { DatasetImportJob, DatasetImportJobBody } from "./dataset-import-job-body.ts";
import { listSegment } from "./dataset-segments.ts";
import { definePersonalizeJob } from "./personalize-job.ts";
import { parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import { importReportKey, type PersonalizeStorage, segmentKey } from "./storage.ts";

/** Where tests kill the server. */
export const datasetImportJobCrashPoints = jobCrashPoints("dataset-import-job");

export interface DatasetImportJobKindDependencies extends JobKindDependencies {
  readonly sql: Sql;
  readonly storage: PersonalizeStorage;
}

/** Dataset import jobs: CSV from S3 in, a segment and a report of refused rows out, and then the dataset lists the segment. */
export function createDatasetImportJobKind(
  dependencies: DatasetImportJobKindDependencies,
): ResourceKind<DatasetImportJobBody> {
  return createJobKind(dependencies, defineImports(dependencies));
}

function defineImports(dependencies: DatasetImportJobKindDependencies): JobDefinition<DatasetImportJobBody> {
  const { resources, objects, storage } = dependencies;

  async function requireDataset(job: DatasetImportJob): Promise<Dataset> {
    const name = parsePersonalizeArn(job.body.datasetArn, "dataset")?.name ?? "";
    const dataset = await resources.find<DatasetBody>(job, personalizeType("dataset"), name);
    if (dataset === undefined) throw new ClientError(`The dataset ${job.body.datasetArn} has been deleted.`);
    return dataset;
  }

  async function stage(job: DatasetImportJob, { directory, signal }: JobPlace): Promise<void> {
    const { schema } = (await requireDataset(job)).body;
    const s3Uri = job.body.dataSource.dataLocation ?? "";
    await stageCsv({ objects, accountId: job.accountId, s3Uri, directory, signal });
    await writePersonalizeConfiguration(directory, "import", { schema });
  }

  async function upload(job: DatasetImportJob, { directory, signal }: JobPlace): Promise<DatasetImportJobBody> {
    const { body } = job;
    if (body.run.outcome?.result !== "Completed") return body;
    const { name } = await requireDataset(job);
    const text = await readFile(join(directory, "model", "report.json"));
    const report = JSON.parse(text.toString()) as ImportReport;
    const key = segmentKey(name, body.run.id);
    // The segment first: what a crash leaves is swept by its segments.
    await storage.putFile(job, key, join(directory, "model", "segment.parquet"), signal);
    await storage.put(job, importReportKey(key), text, signal);
    const segment = { key, rows: report.rows, follows: body.follows, runId: body.run.id, mode: body.importMode };
    await listSegment(dependencies, { owner: job, datasetArn: body.datasetArn }, segment);
    const { rows, refused } = report;
    return { ...body, imported: { rows, refused, ...(refused === 0 ? {} : { refusals: describeRefusals(report) }) } };
  }

  return {
    ...definePersonalizeJob<DatasetImportJobBody>("dataset-import-job", personalizeCommand("import")),
    findProblem: async () => undefined,
    stage,
    upload,
  };
}
