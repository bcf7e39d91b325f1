import type {
  DataDeletionJobSummary,
  DataSource,
  DataDeletionJob as DeletionJobDescription,
} from "@aws-sdk/client-personalize";
import type { Job } from "../jobs/job-run.ts";
import { describePersonalizeJob, type JobWords, type PersonalizeJobBody } from "./personalize-job.ts";

/** A data deletion job, less what stands in the row's own columns. It does not keep whose data it deleted. */
export interface DataDeletionJobBody extends PersonalizeJobBody {
  readonly datasetGroupArn: string;
  readonly dataSource: DataSource;
  /** Records that were deleted: imported ones and single ones. */
  readonly numDeleted?: number;
}

export type DataDeletionJob = Job<DataDeletionJobBody>;

/** Unlike its other jobs; https://docs.aws.amazon.com/personalize/latest/dg/API_DataDeletionJob.html */
const DELETION: JobWords = {
  pending: "PENDING",
  inProgress: "IN_PROGRESS",
  completed: "COMPLETED",
  failed: "FAILED",
};

/** As ListDataDeletionJobs shows it. */
export function summarizeDeletionJob(job: DataDeletionJob): DataDeletionJobSummary {
  const { name, arn, body } = job;
  const { datasetGroupArn } = body;
  return { jobName: name, dataDeletionJobArn: arn, datasetGroupArn, ...describePersonalizeJob(job, DELETION) };
}

/** As DescribeDataDeletionJob shows it. */
export function describeDeletionJob(job: DataDeletionJob): DeletionJobDescription {
  const { RoleArn: roleArn, dataSource, numDeleted } = job.body;
  return { ...summarizeDeletionJob(job), dataSource, roleArn, numDeleted };
}
