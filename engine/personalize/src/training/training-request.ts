/**
 * What the program `train` is asked for: its configuration file. Members are those of CreateSolution, checked by then; https://docs.aws.amazon.com/personalize/latest/dg/API_SolutionConfig.html
 * Datasets lie in `input/data`; for UPDATE the model to go on from lies in `input/data/model`, unpacked.
 */
export interface TrainingRequest {
  /** `aws-user-personalization` */
  readonly recipe: string;
  readonly trainingMode: "FULL" | "UPDATE";
  readonly performHPO: boolean;
  readonly eventType?: string | undefined;
  readonly solutionConfig: TrainingConfig;
}

/** The part of `solutionConfig` that a training reads. */
export interface TrainingConfig {
  readonly eventValueThreshold?: string | undefined;
  readonly algorithmHyperParameters?: Readonly<Record<string, string>> | undefined;
  readonly featureTransformationParameters?: Readonly<Record<string, string>> | undefined;
  readonly hpoConfig?: TuningConfig | undefined;
  readonly eventsConfig?:
    | {
        readonly eventParametersList?:
          | readonly {
              readonly eventType?: string | undefined;
              readonly eventValueThreshold?: number | undefined;
              readonly weight?: number | undefined;
            }[]
          | undefined;
      }
    | undefined;
  readonly optimizationObjective?:
    | {
        readonly itemAttribute?: string | undefined;
        readonly objectiveSensitivity?: "LOW" | "MEDIUM" | "HIGH" | "OFF" | undefined;
      }
    | undefined;
  /** By INTERACTIONS, ITEMS, USERS, in whatever case: columns, in whatever case. */
  readonly trainingDataConfig?:
    | {
        readonly excludedDatasetColumns?: Readonly<Record<string, readonly string[]>> | undefined;
        readonly includedDatasetColumns?: Readonly<Record<string, readonly string[]>> | undefined;
      }
    | undefined;
}

export interface TuningConfig {
  readonly hpoObjective?: { readonly metricName?: string | undefined } | undefined;
  readonly hpoResourceConfig?:
    | { readonly maxNumberOfTrainingJobs?: string | undefined; readonly maxParallelTrainingJobs?: string | undefined }
    | undefined;
  readonly algorithmHyperParameterRanges?:
    | {
        readonly integerHyperParameterRanges?: readonly NumberRange[] | undefined;
        readonly continuousHyperParameterRanges?: readonly NumberRange[] | undefined;
        readonly categoricalHyperParameterRanges?:
          | readonly { readonly name?: string | undefined; readonly values?: readonly string[] | undefined }[]
          | undefined;
      }
    | undefined;
}

interface NumberRange {
  readonly name?: string | undefined;
  readonly minValue?: number | undefined;
  readonly maxValue?: number | undefined;
}

/** What a training has to tell beside its model: `output/data/metrics.json`. */
export interface TrainingReport {
  /** What GetSolutionMetrics answers, by AWS's names. */
  readonly metrics: Readonly<Record<string, number>>;
  /** With performHPO the values that were found best. */
  readonly tunedHyperparameters?: Readonly<Record<string, string>>;
  /** What AWS has not: intervals, baselines, novelty, diversity, how the algorithm was chosen; shown as it is. */
  readonly extras?: Readonly<Record<string, unknown>>;
}
