import type { PreparationCounts } from "../data/prepare-training-data.ts";
import type { Histogram } from "../drift/histogram.ts";
import type { Verdict } from "./judge-candidate.ts";
import type { Accuracy } from "./scores.ts";

/** `evaluation.json`: what the pipeline found out about a candidate. Conditions of the pipeline read it, the registry names it, the services show it. */
export interface Evaluation {
  readonly version: 1;
  /** Id of the pipeline's execution. */
  readonly executionId: string;
  /** ISO 8601. */
  readonly evaluatedAt: string;
  readonly model: {
    /** S3 URI of the final artifact. */
    readonly dataUri: string;
    readonly sha256: string;
    readonly labels: readonly string[];
  };
  /** The live model that the candidate was compared with; null: none, or one that cannot be compared. */
  readonly champion: { readonly endpointName: string; readonly modelName: string } | null;
  readonly holdOut: {
    readonly sha256: string;
    readonly rows: number;
    /** Evaluations that have used it, this one included: each one wears it out a little. */
    readonly uses: number;
  };
  readonly data: PreparationCounts;
  readonly gate: Verdict;
  /** The candidate on the validation part of its own data: what live traffic is compared with. */
  readonly validation: { readonly accuracy: Accuracy; readonly confidence: Histogram };
  /** The form in which SageMaker shows the quality of a registered model. */
  readonly multiclass_classification_metrics: {
    readonly accuracy: { readonly value: number; readonly standard_deviation: number };
    readonly confusion_matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-metrics.html */
export function modelQualityMetrics({ candidate }: Verdict): Evaluation["multiclass_classification_metrics"] {
  const { accuracy, confusionMatrix } = candidate;
  const { classes, counts } = confusionMatrix;
  const byClass = (row: readonly number[]) =>
    Object.fromEntries(classes.map((name, index) => [name, row[index] ?? 0] as const));
  return {
    accuracy: {
      value: accuracy.value,
      standard_deviation: Math.sqrt((accuracy.value * (1 - accuracy.value)) / accuracy.n),
    },
    confusion_matrix: Object.fromEntries(classes.map((name, index) => [name, byClass(counts[index] ?? [])] as const)),
  };
}
