import { DataError } from "../../algorithm.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";
import type { EvaluationMetric } from "./metric.ts";
import { labelsOf, weightedMean } from "./weighted-mean.ts";

const LEAST = 1e-16;

/** The class with the highest score; of equal ones the first. `multi:softmax` is judged by its probabilities, too. */
function bestClass({ width, values }: RowPredictions, row: number): number {
  let best = 0;
  for (let candidate = 1; candidate < width; candidate += 1) {
    if (values[row * width + candidate] > values[row * width + best]) best = candidate;
  }
  return best;
}

/** The share of rows whose best class is not theirs. */
export function multiclassError(): EvaluationMetric {
  return {
    name: "merror",
    isBetterWhenHigher: false,
    evaluate(predictions, table) {
      const labels = labelsOf(table, "merror");
      return weightedMean(table, predictions.rows, (row) => (bestClass(predictions, row) === labels[row] ? 0 : 1));
    },
  };
}

/** Mean negative log-likelihood of the rows' classes. Throws DataError for a label that is no class. */
export function multiclassLogLoss(): EvaluationMetric {
  return {
    name: "mlogloss",
    isBetterWhenHigher: false,
    evaluate(predictions, table) {
      const labels = labelsOf(table, "mlogloss");
      const { rows, width, values } = predictions;
      return weightedMean(table, rows, (row) => {
        const label = labels[row];
        if (!(label >= 0 && label < width))
          throw new DataError(`The label ${label} of row ${row + 1} is no class below ${width}.`);
        return -Math.log(Math.max(values[row * width + Math.trunc(label)], LEAST));
      });
    },
  };
}

/** How often each class was right, meant and given. */
interface ClassCounts {
  readonly hits: Float64Array;
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

/**
 * The metrics that SageMaker's XGBoost image adds to XGBoost's: scikit-learn's over the predicted classes. As there, weights do not count. `threshold` is what a single score must
 * exceed to mean class 1: 0.5 for a probability, 0 for `binary:logitraw`.
 */
export const labelMetrics: Readonly<Record<string, (counts: ClassCounts) => number>> = {
  accuracy: ({ hits, actual }) => sum(hits) / sum(actual),
  balanced_accuracy: (counts) => meanOf(counts, recallOf, ({ actual }, label) => actual[label] > 0),
  f1: (counts) => meanOf(counts, f1Of),
  f1_macro: (counts) => meanOf(counts, f1Of),
  f1_binary: (counts) => f1Of(binary(counts, "f1_binary"), 1),
  precision: (counts) => precisionOf(binary(counts, "precision"), 1),
  precision_macro: (counts) => meanOf(counts, precisionOf),
  precision_micro: ({ hits, predicted }) => sum(hits) / sum(predicted),
  recall: (counts) => recallOf(binary(counts, "recall"), 1),
  recall_macro: (counts) => meanOf(counts, recallOf),
  recall_micro: ({ hits, actual }) => sum(hits) / sum(actual),
};

/** One of `labelMetrics` as a metric. */
export function labelMetric(name: string, threshold: number): EvaluationMetric {
  const compute = labelMetrics[name];
  if (compute === undefined) throw new RangeError(`${name} is no metric over classes`);
  return {
    name,
    isBetterWhenHigher: true,
    evaluate: (predictions, table) => compute(countClasses(predictions, labelsOf(table, name), threshold)),
  };
}

/** The coefficient of determination. */
export function determination(): EvaluationMetric {
  return {
    name: "r2",
    isBetterWhenHigher: true,
    evaluate({ rows, values }, table) {
      const labels = labelsOf(table, "r2");
      const mean = labels.reduce((total, label) => total + label, 0) / rows;
      let residual = 0;
      let total = 0;
      for (let row = 0; row < rows; row += 1) {
        residual += (labels[row] - values[row]) ** 2;
        total += (labels[row] - mean) ** 2;
      }
      // As scikit-learn has it for constant labels.
      return total === 0 ? (residual === 0 ? 1 : 0) : 1 - residual / total;
    },
  };
}

function countClasses(predictions: RowPredictions, labels: Float32Array, threshold: number): ClassCounts {
  const classes = Math.max(2, predictions.width);
  const [hits, actual, predicted] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  for (let row = 0; row < predictions.rows; row += 1) {
    const given = predictions.width > 1 ? bestClass(predictions, row) : Number(predictions.values[row] > threshold);
    const label = labels[row];
    if (!(label >= 0 && label < classes))
      throw new DataError(`The label ${label} of row ${row + 1} is no class below ${classes}.`);
    actual[label] += 1;
    predicted[given] += 1;
    if (given === label) hits[given] += 1;
  }
  return { hits, actual, predicted };
}

const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function precisionOf({ hits, predicted }: ClassCounts, label: number): number {
  return ratio(hits[label], predicted[label]);
}

function recallOf({ hits, actual }: ClassCounts, label: number): number {
  return ratio(hits[label], actual[label]);
}

function f1Of({ hits, actual, predicted }: ClassCounts, label: number): number {
  return ratio(2 * hits[label], actual[label] + predicted[label]);
}

function binary(counts: ClassCounts, name: string): ClassCounts {
  if (counts.hits.length !== 2)
    throw new DataError(`The metric ${name} is for two classes; take ${name.replace("_binary", "")}_macro for more.`);
  return counts;
}

/** Over the classes that occur among labels or predictions. */
function meanOf(
  counts: ClassCounts,
  score: (counts: ClassCounts, label: number) => number,
  occurs = ({ actual, predicted }: ClassCounts, label: number): boolean => actual[label] + predicted[label] > 0,
): number {
  const classes = Array.from(counts.hits.keys()).filter((label) => occurs(counts, label));
  return classes.reduce((total, label) => total + score(counts, label), 0) / classes.length;
}
