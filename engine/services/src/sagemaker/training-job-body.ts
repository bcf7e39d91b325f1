import type {
  DescribeTrainingJobResponse,
  MetricData,
  SecondaryStatus,
  SecondaryStatusTransition,
  TrainingJobStatus,
} from "@aws-sdk/client-sagemaker";
import type { Job, JobRun } from "../jobs/job-run.ts";
import { toDate } from "./iso-time.ts";

/** The type of training jobs in the resource table. */
export const TRAINING_JOB = "sagemaker/training-job";

type DateMember = "CreationTime" | "TrainingStartTime" | "TrainingEndTime" | "LastModifiedTime";
type RowMember = "TrainingJobName" | "TrainingJobArn" | "TrainingJobStatus" | "CreationTime";
type WithTimes<Shape, Member extends keyof Shape> = Omit<Shape, Member> & { readonly [Key in Member]?: string };

/** A training job as DescribeTrainingJob shows it, with times in ISO form, less what stands in the row's own columns. */
export interface TrainingJobBody
  extends Readonly<
    Omit<
      DescribeTrainingJobResponse,
      DateMember | RowMember | "SecondaryStatusTransitions" | "FinalMetricDataList" | "ModelArtifacts"
    >
  > {
  readonly ModelArtifacts?: DescribeTrainingJobResponse["ModelArtifacts"];
  readonly LastModifiedTime: string;
  readonly TrainingStartTime?: string;
  readonly TrainingEndTime?: string;
  readonly SecondaryStatusTransitions: readonly WithTimes<SecondaryStatusTransition, "StartTime" | "EndTime">[];
  readonly FinalMetricDataList?: readonly WithTimes<MetricData, "Timestamp">[];
  readonly run: JobRun;
}

export type TrainingJob = Job<TrainingJobBody>;

/** The texts that AWS shows, and that the SDKs print while they wait. */
const STATUS_MESSAGES: Partial<Record<SecondaryStatus, string>> = {
  Starting: "Preparing the instances for training",
  Downloading: "Downloading input data",
  Training: "Training image download completed. Training in progress.",
  Uploading: "Uploading generated training model",
  Stopping: "Stopping the training job",
  Stopped: "Training job stopped",
  MaxRuntimeExceeded: "Training job runtime exceeded MaxRuntimeInSeconds provided",
  Completed: "Training job completed",
  Failed: "Training job failed",
};

const FINAL: readonly SecondaryStatus[] = ["Completed", "Failed", "Stopped", "MaxRuntimeExceeded"];

/** Ends the current secondary status and begins the next; none for the one that it has already. */
export function enter(body: TrainingJobBody, status: SecondaryStatus, at: Date): TrainingJobBody {
  if (body.SecondaryStatus === status && body.SecondaryStatusTransitions.length > 0) return body;
  const time = at.toISOString();
  const past = body.SecondaryStatusTransitions.map((transition) => ({ EndTime: time, ...transition }));
  const entered = {
    Status: status,
    StartTime: time,
    ...(FINAL.includes(status) ? { EndTime: time } : {}),
    StatusMessage: STATUS_MESSAGES[status] ?? status,
  };
  return { ...body, SecondaryStatus: status, SecondaryStatusTransitions: [...past, entered], LastModifiedTime: time };
}

/** DescribeTrainingJob's answer. */
export function describeTrainingJob({ name, arn, status, createdAt, body }: TrainingJob): DescribeTrainingJobResponse {
  const { run: _, ...description } = body;
  return {
    ...description,
    TrainingJobName: name,
    TrainingJobArn: arn,
    TrainingJobStatus: status as TrainingJobStatus,
    ModelArtifacts: body.ModelArtifacts,
    CreationTime: createdAt,
    LastModifiedTime: new Date(body.LastModifiedTime),
    TrainingStartTime: toDate(body.TrainingStartTime),
    TrainingEndTime: toDate(body.TrainingEndTime),
    SecondaryStatusTransitions: body.SecondaryStatusTransitions.map((transition) => ({
      ...transition,
      StartTime: toDate(transition.StartTime),
      EndTime: toDate(transition.EndTime),
    })),
    FinalMetricDataList: body.FinalMetricDataList?.map((metric) => ({
      ...metric,
      Timestamp: toDate(metric.Timestamp),
    })),
  };
}
