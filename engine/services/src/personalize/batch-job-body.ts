import type { BatchInferenceJobConfig, S3DataConfig } from "@aws-sdk/client-personalize";
import type { Job } from "../jobs/job-run.ts";
import type { PersonalizeJobBody } from "./personalize-job.ts";

/** The kinds of batch jobs: items for the users or items of an object's lines, users for its items or queries. */
export type BatchJobType = "batch-inference-job" | "batch-segment-job";

/** A batch job as its Describe shows it, less what stands in the row's own columns. */
export interface BatchJobBody extends PersonalizeJobBody {
  readonly solutionVersionArn: string;
  readonly datasetGroupArn: string;
  /** The version's, when the job was created. */
  readonly modelUri: string;
  readonly filterArn?: string | undefined;
  readonly numResults: number;
  readonly jobInput: { readonly s3DataSource: S3DataConfig };
  readonly jobOutput: { readonly s3DataDestination: S3DataConfig };
  readonly batchInferenceJobConfig?: BatchInferenceJobConfig | undefined;
}

export type BatchJob = Job<BatchJobBody>;
