import { fBeta, precisionAt, recallAt, rocAuc } from "@rondo/statistics";

/** A figure of predictions under the name that SageMaker's first-party algorithms log it by. */
export interface PredictionMetric {
  readonly metric: string;
  /** Whether less is better. */
  readonly kind: "loss" | "score";
  readonly value: number;
}

const score = (metric: string, value: number): PredictionMetric => ({ metric, kind: "score", value });
const loss = (metric: string, value: number): PredictionMetric => ({ metric, kind: "loss", value });

/** Of scores of label 1 and the threshold from which 1 is said. The area under the ROC curve is left out when all labels are the same. */
export function binaryMetrics(
  scores: Float32Array,
  labels: Float32Array,
  { threshold, beta }: { readonly threshold: number; readonly beta: number },
): readonly PredictionMetric[] {
  const counts = { threshold, truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  for (const [row, label] of labels.entries()) {
    const isPositive = scores[row] >= threshold;
    if (label === 1) counts[isPositive ? "truePositives" : "falseNegatives"] += 1;
    else counts[isPositive ? "falsePositives" : "trueNegatives"] += 1;
  }
  const positives = counts.truePositives + counts.falseNegatives;
  const hasBoth = positives > 0 && positives < labels.length;
  return [
    score("binary_classification_accuracy", (counts.truePositives + counts.trueNegatives) / labels.length),
    score(`binary_f_${beta.toFixed(3)}`, fBeta(counts, beta)),
    score("precision", precisionAt(counts)),
    score("recall", positives === 0 ? 0 : recallAt(counts)),
    ...(hasBoth ? [score("roc_auc_score", rocAuc({ scores, labels }).auc)] : []),
  ];
}

/** Of the probabilities of `classes` classes for each row. */
export function multiclassMetrics(
  probabilities: Float32Array,
  labels: Float32Array,
  { classes, top, beta }: { readonly classes: number; readonly top: number; readonly beta: number },
): readonly PredictionMetric[] {
  const counts = createClassCounts(classes);
  let correct = 0;
  let amongTop = 0;
  let gain = 0;
  for (const [row, label] of labels.entries()) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    const said = mostProbable(own);
    const rank = own.reduce((before, value, other) => before + Number(isBefore(value, other, own[label], label)), 1);
    counts.actual[label] += 1;
    counts.predicted[said] += 1;
    if (said === label) counts.hits[label] += 1;
    correct += Number(said === label);
    amongTop += Number(rank <= top);
    gain += 1 / Math.log2(rank + 1);
  }
  const rows = labels.length;
  const macro = macroScores(counts, beta);
  return [
    score("multiclass_accuracy", correct / rows),
    score(`multiclass_top_k_accuracy_${top}`, amongTop / rows),
    score("dcg", gain / rows),
    score("macro_recall", macro.recall),
    score("macro_precision", macro.precision),
    score(`macro_f_${beta.toFixed(3)}`, macro.fBeta),
  ];
}

/** The class with the highest value, of equal ones the first. */
export function mostProbable(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > values[best] ? index : best), 0);
}

function isBefore(value: number, index: number, own: number, label: number): boolean {
  return value > own || (value === own && index < label);
}

/** By class; a matrix of a million classes, which there may be, would fit nowhere. */
interface ClassCounts {
  readonly hits: Float64Array;
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

function createClassCounts(classes: number): ClassCounts {
  return {
    hits: new Float64Array(classes),
    actual: new Float64Array(classes),
    predicted: new Float64Array(classes),
  };
}

/** Means over the classes that appear, as a label or an answer. */
function macroScores({ hits, actual, predicted }: ClassCounts, beta: number) {
  const sums = { recall: 0, precision: 0, fBeta: 0 };
  let appearing = 0;
  for (const [label, truePositives] of hits.entries()) {
    const [support, said] = [actual[label], predicted[label]];
    if (support + said === 0) continue;
    appearing += 1;
    const point = {
      threshold: 0,
      truePositives,
      falsePositives: said - truePositives,
      falseNegatives: support - truePositives,
      trueNegatives: 0,
    };
    sums.recall += support === 0 ? 0 : recallAt(point);
    sums.precision += said === 0 ? 0 : precisionAt(point);
    sums.fBeta += fBeta(point, beta);
  }
  return { recall: sums.recall / appearing, precision: sums.precision / appearing, fBeta: sums.fBeta / appearing };
}

/** Of predicted numbers; r2 is 0 for labels that are all the same. */
export function regressionMetrics(predictions: Float32Array, labels: Float32Array): readonly PredictionMetric[] {
  let squares = 0;
  let absolutes = 0;
  let mean = 0;
  for (const [row, label] of labels.entries()) {
    squares += (predictions[row] - label) ** 2;
    absolutes += Math.abs(predictions[row] - label);
    mean += label / labels.length;
  }
  const variance = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0);
  const [mse, mae] = [squares / labels.length, absolutes / labels.length];
  return [
    loss("mse", mse),
    loss("rmse", Math.sqrt(mse)),
    loss("absolute_loss", mae),
    loss("mae", mae),
    score("r2", variance === 0 ? 0 : 1 - squares / variance),
  ];
}
