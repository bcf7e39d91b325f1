import type { SentimentSettings } from "./settings.ts";

/** What the application has in AWS, by name. */
export interface ResourceNames {
  readonly buckets: {
    readonly models: string;
    readonly data: string;
    readonly artifacts: string;
    readonly tokenizers: string;
  };
  readonly tables: {
    readonly feedback: string;
    readonly evaluations: string;
    readonly notifications: string;
    /** What the inference service answered, so that feedback on it can be traced. */
    readonly predictions: string;
    /** Runs of the pipeline that a bootstrap or a retraining follows. */
    readonly runs: string;
  };
  readonly topics: { readonly training: string; readonly deployment: string };
  /** Group of the model registry. */
  readonly modelPackageGroup: string;
}

export function resourceNames({ projectName, bucket, feedbackTable }: SentimentSettings): ResourceNames {
  return {
    buckets: {
      models: bucket ?? `${projectName}-models`,
      data: bucket ?? `${projectName}-data`,
      artifacts: bucket ?? `${projectName}-artifacts`,
      tokenizers: bucket ?? `${projectName}-tokenizers`,
    },
    tables: {
      feedback: feedbackTable,
      evaluations: "evaluations-table",
      notifications: "notifications-table",
      predictions: "predictions-table",
      runs: "runs-table",
    },
    topics: { training: "model-training-notifications", deployment: "model-deployment-notifications" },
    modelPackageGroup: projectName,
  };
}
