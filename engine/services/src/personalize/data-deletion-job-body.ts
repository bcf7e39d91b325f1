import type { DataSource, DataDeletionJob as DeletionJobDescription } from "@aws-sdk/client-personalize";
import type { Job } from "../jobs/job-run.ts";
import { describePersonalizeJob, type PersonalizeJobBody } from "./personalize-job.ts";

/** A data deletion job, less what stands in the row's own columns. It does not keep whose data it deleted. */
export interface DataDeletionJobBody extends PersonalizeJobBody {
  readonly datasetGroupArn: string;
  readonly dataSource: DataSource;
  /** Records that were deleted: imported ones and single ones. */
  readonly numDeleted?: number;
}

export type DataDeletionJob = Job<DataDeletionJobBody>;

/** As DescribeDataDeletionJob shows it. */
export function describeDeletionJob(job: DataDeletionJob): DeletionJobDescription {
  const { name, arn, body } = job;
  return {
    jobName: name,
    dataDeletionJobArn: arn,
    datasetGroupArn: body.datasetGroupArn,
    dataSource: body.dataSource,
    roleArn: body.RoleArn,
    numDeleted: body.numDeleted,
    ...describePersonalizeJob(job),
  };
}
