import type { DataSource, DataDeletionJob as DeletionJobDescription } from "@aws-sdk/client-personalize";
import type { Job } from "../jobs/job-run.ts";
import { describePersonalizeJob, type PersonalizeJobBody } from "./personalize-job.ts";

/** A data deletion job, less what stands in the row's own columns. It does not keep whose data it deleted. */
export interface DataDeletionJobBody extends PersonalizeJobBody {
  readonly datasetGroupArn: string;
  readonly dataSource: DataSource;
  /** Records that were deleted: imported ones and single ones. */
  readonly numDeleted?: number;
  /** What answered, when the records were gone, with a model that may have learned from them. */
  readonly liveModels?: readonly LiveModel[];
}

/** A campaign or recommender, and the version that it answers with. */
export interface LiveModel {
  readonly arn: string;
  readonly solutionVersionArn: string;
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
