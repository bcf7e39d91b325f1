import { type PersonalizeType, personalizeType } from "../personalize/personalize-resource.ts";
import { PROCESSING_JOB } from "../sagemaker/processing-job-body.ts";
import { TRAINING_JOB } from "../sagemaker/training-job-body.ts";

const PERSONALIZE_JOBS: readonly PersonalizeType[] = [
  "dataset-import-job",
  "dataset-export-job",
  "data-deletion-job",
  "solution-version",
  "recommender-training",
  "batch-inference-job",
  "batch-segment-job",
];

/** The resource types whose rows have a run: a directory and a program on this machine. */
export const JOB_TYPES: readonly string[] = [TRAINING_JOB, PROCESSING_JOB, ...PERSONALIZE_JOBS.map(personalizeType)];
