import { PROCESSING_JOB } from "../sagemaker/processing-job-body.ts";
import { TRAINING_JOB } from "../sagemaker/training-job-body.ts";

/** The resource types whose rows have a run: a directory and a program on this machine. */
export const JOB_TYPES: readonly string[] = [TRAINING_JOB, PROCESSING_JOB];
