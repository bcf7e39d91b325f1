import type {
  DatasetExportJobOutput,
  DatasetExportJob as ExportJobDescription,
  IngestionMode,
} from "@aws-sdk/client-personalize";
import type { Job } from "../jobs/job-run.ts";
import { describePersonalizeJob, type PersonalizeJobBody } from "./personalize-job.ts";

/** A dataset export job, less what stands in the row's own columns. */
export interface DatasetExportJobBody extends PersonalizeJobBody {
  readonly datasetArn: string;
  readonly datasetGroupArn: string;
  readonly ingestionMode: IngestionMode;
  readonly jobOutput: DatasetExportJobOutput;
}

export type DatasetExportJob = Job<DatasetExportJobBody>;

/** As DescribeDatasetExportJob shows it. */
export function describeExportJob(job: DatasetExportJob): ExportJobDescription {
  const { name, arn, body } = job;
  return {
    jobName: name,
    datasetExportJobArn: arn,
    datasetArn: body.datasetArn,
    ingestionMode: body.ingestionMode,
    roleArn: body.RoleArn,
    jobOutput: body.jobOutput,
    ...describePersonalizeJob(job),
  };
}

/** Where the job writes. */
export function exportPath({ jobOutput }: DatasetExportJobBody): string {
  return jobOutput.s3DataDestination?.path ?? "";
}
