import type { Table } from "../../table/table.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";
import type { EvaluationMetric } from "./metric.ts";
import { rowGroups } from "./row-groups.ts";
import { sortDescending } from "./sort-descending.ts";
import { labelsOf } from "./weighted-mean.ts";

/** Rows that are judged: of a whole table, or of one class against the others. */
interface Judged {
  readonly scores: Float32Array;
  /** From 0 to 1: how much of the row is positive. */
  readonly labels: Float32Array;
  /** Absent = 1 each. */
  readonly weights: Float32Array | undefined;
}

/** Σ over the thresholds, from the highest score down: what the rows above it and those above the one before enclose. */
type Area = (from: Readonly<Counts>, to: Readonly<Counts>, positives: number) => number;

interface Counts {
  falsePositives: number;
  truePositives: number;
}

/** The area under the ROC curve; with groups the mean of the groups' shares of rightly ordered pairs, with classes the mean of
 * one against the others by prevalence. */
export function rocArea(): EvaluationMetric {
  return {
    name: "auc",
    isBetterWhenHigher: true,
    evaluate: (predictions, table) => evaluate("auc", predictions, table),
  };
}

/** The area under the precision-recall curve, interpolated as Davis & Goadrich (2006) and Keilwagen, Grosse & Grau (2014) have it. */
export function precisionRecallArea(): EvaluationMetric {
  return {
    name: "aucpr",
    isBetterWhenHigher: true,
    evaluate: (predictions, table) => evaluate("aucpr", predictions, table),
  };
}

/** NaN when there are only positive or only negative rows. */
function evaluate(name: "auc" | "aucpr", { rows, width, values }: RowPredictions, table: Table): number {
  const labels = labelsOf(table, name);
  const { weights } = table;
  const judge = name === "auc" ? binaryRoc : binaryPrecisionRecall;
  if (width > 1) {
    const scores = (label: number): Float32Array =>
      Float32Array.from({ length: rows }, (_, row) => values[row * width + label]);
    const isLabel = (label: number): Float32Array => labels.map((actual) => Number(actual === label));
    return overClasses(width, (label) => ({ scores: scores(label), labels: isLabel(label), weights }), judge);
  }
  if (table.groups === undefined) return judge({ scores: values, labels, weights }).area;
  const areas = rowGroups(table).map(({ start, end }) => {
    const group = {
      scores: values.subarray(start, end),
      labels: labels.subarray(start, end),
      // The rows of a group count the same, and an area is a share.
      weights: undefined,
    };
    return name === "auc" ? orderedPairs(group) : judge(group).area;
  });
  const valid = areas.filter((area) => !Number.isNaN(area));
  return valid.reduce((total, area) => total + area, 0) / valid.length;
}

interface BinaryArea {
  /** NaN without positive or without negative rows. */
  readonly area: number;
  /** How much the class counts: the weight of its rows. */
  readonly positives: number;
}

function binaryRoc(judged: Judged): BinaryArea {
  const { area, end } = sweep(
    judged,
    (from, to) => ((to.falsePositives - from.falsePositives) * (from.truePositives + to.truePositives)) / 2,
  );
  const possible = end.falsePositives * end.truePositives;
  return { area: possible > 0 ? area / possible : Number.NaN, positives: end.truePositives };
}

function binaryPrecisionRecall(judged: Judged): BinaryArea {
  const { area, end } = sweep(judged, precisionRecallBetween);
  const isDefined = end.truePositives > 0 && end.falsePositives > 0;
  // XGBoost weighs the classes of aucpr alike.
  return { area: isDefined ? area : Number.NaN, positives: 1 };
}

/** Between two thresholds false positives rise linearly with the true ones; the integral of precision over recall is then closed. */
function precisionRecallBetween(from: Counts, to: Counts, positives: number): number {
  const gained = to.truePositives - from.truePositives;
  if (gained === 0) return 0;
  const slope = (to.falsePositives - from.falsePositives) / gained;
  const a = 1 + slope;
  const b = (from.falsePositives - slope * from.truePositives) / positives;
  const [low, high] = [from.truePositives / positives, to.truePositives / positives];
  if (b === 0) return (high - low) / a;
  return (high - low - (b / a) * (Math.log(a * high + b) - Math.log(a * low + b))) / a;
}

/** Nothing is allocated from row to row: every round of a training judges every row. */
function sweep({ scores, labels, weights }: Judged, between: Area): { readonly area: number; readonly end: Counts } {
  const order = sortDescending(scores);
  let positives = 0;
  for (let row = 0; row < labels.length; row += 1)
    positives += (weights === undefined ? 1 : weights[row]) * labels[row];
  let area = 0;
  const before: Counts = { falsePositives: 0, truePositives: 0 };
  const now: Counts = { falsePositives: 0, truePositives: 0 };
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place];
    const weight = weights === undefined ? 1 : weights[row];
    now.truePositives += weight * labels[row];
    now.falsePositives += weight * (1 - labels[row]);
    if (place + 1 < order.length && scores[order[place + 1]] === scores[row]) continue;
    area += between(before, now, positives);
    before.truePositives = now.truePositives;
    before.falsePositives = now.falsePositives;
  }
  return { area, end: before };
}

function overClasses(
  classes: number,
  judgedOf: (label: number) => Judged,
  judge: (judged: Judged) => BinaryArea,
): number {
  let total = 0;
  let weight = 0;
  for (let label = 0; label < classes; label += 1) {
    const { area, positives } = judge(judgedOf(label));
    total += area * positives;
    weight += positives;
  }
  return total / weight;
}

/**
 * Of a ranking: the share of pairs of rows that are in the order of their labels, NaN below 3 rows. Rows of equal labels should keep the order in which they came, as XGBoost has it.
 */
function orderedPairs({ scores, labels }: Judged): number {
  const rows = labels.length;
  if (rows < 3) return Number.NaN;
  const ideal = Float32Array.from(sortDescending(labels), (row) => scores[row]);
  let right = 0;
  for (let first = 0; first < rows; first += 1) {
    for (let second = first + 1; second < rows; second += 1) {
      right += ideal[first] > ideal[second] ? 1 : ideal[first] === ideal[second] ? 0.5 : 0;
    }
  }
  return right / ((rows * (rows - 1)) / 2);
}
