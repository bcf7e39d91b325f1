import type { DataSource, DatasetImportJob as ImportJobDescription, ImportMode } from "@aws-sdk/client-personalize";
import type { Job } from "../jobs/job-run.ts";
import { describePersonalizeJob, type PersonalizeJobBody } from "./personalize-job.ts";

/** A dataset import job, less what stands in the row's own columns. */
export interface DatasetImportJobBody extends PersonalizeJobBody {
  readonly datasetArn: string;
  readonly datasetGroupArn: string;
  readonly dataSource: DataSource;
  readonly importMode: ImportMode;
  readonly publishAttributionMetricsToS3?: boolean | undefined;
  /** The number of the newest single record when the job was created: what is put later is newer than the imported rows. */
  readonly follows: number;
  /** What became of the rows. */
  readonly imported?: ImportedRows;
}

export interface ImportedRows {
  readonly rows: number;
  readonly refused: number;
  /** In words, where rows were refused. */
  readonly refusals?: string;
}

export type DatasetImportJob = Job<DatasetImportJobBody>;

/** As DescribeDatasetImportJob shows it. An ACTIVE job that refused rows says so where a failed one has its reason: there is no other place. */
export function describeImportJob(job: DatasetImportJob): ImportJobDescription {
  const { name, arn, body } = job;
  const description = describePersonalizeJob(job);
  return {
    jobName: name,
    datasetImportJobArn: arn,
    datasetArn: body.datasetArn,
    dataSource: body.dataSource,
    roleArn: body.RoleArn,
    importMode: body.importMode,
    publishAttributionMetricsToS3: body.publishAttributionMetricsToS3,
    ...description,
    failureReason: description.failureReason ?? body.imported?.refusals,
  };
}
