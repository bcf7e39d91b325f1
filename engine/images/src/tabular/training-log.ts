import type { TrainingContext } from "../image.ts";

const HOST = "algo-1";

/** One figure of a model, as AWS's own algorithms log it. */
export interface QualityMetric {
  /** `train`, `validation` or `test`. */
  readonly dataset: string;
  /** `binary_classification_accuracy` */
  readonly metric: string;
  /** Whether less is better; AWS writes it behind the name. Default loss. */
  readonly kind?: "loss" | "score";
  readonly value: number;
  /** From 0; absent for figures of the finished model. */
  readonly epoch?: number;
}

/** The lines that the first-party algorithms (linear-learner, kmeans, …) write for people and for metric definitions. */
export interface TrainingLog {
  /** `#quality_metric: host=algo-1, epoch=0, train rmse <loss>=0.31` */
  quality(metric: QualityMetric): void;
  /** `#progress_metric: host=algo-1, completed 40.0 % of epochs` */
  progress(fraction: number): void;
  /** `#metrics {"StartTime": …, "Dimensions": {…}, "Metrics": {"update.time": {"sum": 12, …}}}`: counts and milliseconds since the last such line. */
  metrics(operation: string, values: Readonly<Record<string, number>>, epoch?: number): void;
}

/** `algorithm` is what the metrics' dimension calls it: `Linear Learner`. */
export function createTrainingLog(
  { log, clock }: Pick<TrainingContext, "log" | "clock">,
  algorithm: string,
): TrainingLog {
  let start = clock.now().getTime() / 1000;
  return {
    quality({ dataset, metric, kind = "loss", value, epoch }) {
      const when = epoch === undefined ? "" : ` epoch=${epoch},`;
      log(`#quality_metric: host=${HOST},${when} ${dataset} ${metric} <${kind}>=${value}`);
    },
    progress(fraction) {
      log(`#progress_metric: host=${HOST}, completed ${(fraction * 100).toFixed(1)} % of epochs`);
    },
    metrics(operation, values, epoch) {
      const end = clock.now().getTime() / 1000;
      const summaries = Object.entries(values).map(([name, sum]) => [name, { sum, count: 1, min: sum, max: sum }]);
      const dimensions = {
        Algorithm: algorithm,
        Host: HOST,
        Operation: operation,
        ...(epoch === undefined ? {} : { epoch }),
      };
      const line = { StartTime: start, EndTime: end, Dimensions: dimensions, Metrics: Object.fromEntries(summaries) };
      log(`#metrics ${JSON.stringify(line)}`);
      start = end;
    },
  };
}

/** The metric definition that finds a line of `quality`: `test msd` of the finished model, or of the last epoch. */
export function qualityMetricRegex(dataset: string, metric: string): string {
  return `#quality_metric: host=\\S+, (?:epoch=\\d+, )?${dataset} ${metric} <(?:loss|score)>=(\\S+)`;
}

/** The figures of the finished model on one channel, in both forms that AWS's containers write. */
export function logFinalQuality(
  { log }: Pick<TrainingContext, "log">,
  { quality }: Pick<TrainingLog, "quality">,
  { dataset, metrics }: { readonly dataset: string; readonly metrics: readonly Omit<QualityMetric, "dataset">[] },
): void {
  for (const metric of metrics) {
    quality({ dataset, ...metric });
    // Of training rows there is no such line.
    if (dataset !== "train") log(`#${dataset}_score (${HOST}) : ('${metric.metric}', ${metric.value})`);
  }
}
