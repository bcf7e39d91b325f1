import type { DescribeProcessingJobResponse, ProcessingJobStatus } from "@aws-sdk/client-sagemaker";
import type { Job, JobRun } from "../jobs/job-run.ts";
import { toDate } from "./iso-time.ts";

/** The type of processing jobs in the resource table. */
export const PROCESSING_JOB = "sagemaker/processing-job";

type DateMember = "CreationTime" | "ProcessingStartTime" | "ProcessingEndTime" | "LastModifiedTime";
type RowMember = "ProcessingJobName" | "ProcessingJobArn" | "ProcessingJobStatus";

/** A processing job as DescribeProcessingJob shows it, with times in ISO form, less what stands in the row's own columns. */
export interface ProcessingJobBody extends Readonly<Omit<DescribeProcessingJobResponse, DateMember | RowMember>> {
  readonly LastModifiedTime: string;
  readonly ProcessingStartTime?: string;
  readonly ProcessingEndTime?: string;
  readonly run: ProcessingRun;
}

export interface ProcessingRun extends JobRun {
  /** When the outputs of a running job were last looked through, in ISO form, and how far, by output name. */
  readonly publishedAt?: string;
  readonly published?: Readonly<Record<string, string>>;
}

export type ProcessingJob = Job<ProcessingJobBody>;

/** DescribeProcessingJob's answer. */
export function describeProcessingJob(job: ProcessingJob): DescribeProcessingJobResponse {
  const { name, arn, status, createdAt, body } = job;
  const { run: _, ...description } = body;
  return {
    ...description,
    ProcessingJobName: name,
    ProcessingJobArn: arn,
    ProcessingJobStatus: status as ProcessingJobStatus,
    CreationTime: createdAt,
    LastModifiedTime: new Date(body.LastModifiedTime),
    ProcessingStartTime: toDate(body.ProcessingStartTime),
    ProcessingEndTime: toDate(body.ProcessingEndTime),
  };
}
