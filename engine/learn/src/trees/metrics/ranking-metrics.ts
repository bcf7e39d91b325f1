import type { Table } from "../../table/table.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";
import type { EvaluationMetric } from "./metric.ts";
import { rowGroups } from "./row-groups.ts";
import { sortDescending } from "./sort-descending.ts";
import { labelsOf } from "./weighted-mean.ts";

/** How a ranking is judged. */
export interface RankingOptions {
  /** `ndcg@10-` */
  readonly name: string;
  /** Places that count; all where undefined. */
  readonly top: number | undefined;
  /** What a group scores that has nothing relevant: 1, or with the trailing `-` of the name 0. */
  readonly withoutRelevant: 0 | 1;
}

/** The share of relevant rows (label above 0) among the first of each group. */
export function precisionAt(options: RankingOptions): EvaluationMetric {
  return ranking(options, (relevances, top) => {
    let hits = 0;
    for (let place = 0; place < top; place += 1) hits += relevances[place];
    return hits / top;
  });
}

/** Mean average precision: of the first places of each group, labels 0 and 1. */
export function averagePrecision(options: RankingOptions): EvaluationMetric {
  return ranking(options, (relevances, top) => {
    let hits = 0;
    let total = 0;
    for (let place = 0; place < relevances.length; place += 1) {
      hits += relevances[place];
      if (place < top) total += (hits / (place + 1)) * relevances[place];
    }
    return hits > 0 ? total / Math.min(hits, options.top ?? hits) : undefined;
  });
}

/**
 * Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002): gain 2^label − 1, or the label itself when `exponentialGain` is false, discounted by log₂(place + 1).
 */
export function discountedGain(options: RankingOptions, exponentialGain: boolean): EvaluationMetric {
  const gain = exponentialGain ? (label: number) => 2 ** label - 1 : (label: number) => label;
  const cumulate = (labels: Float32Array, top: number): number => {
    let total = 0;
    for (let place = 0; place < top; place += 1) total += gain(labels[place]) / Math.log2(place + 2);
    return total;
  };
  return ranking(options, (relevances, top) => {
    const ideal = cumulate(
      relevances.toSorted((a, b) => b - a),
      top,
    );
    return ideal > 0 ? cumulate(relevances, top) / ideal : undefined;
  });
}

/** The mean over the groups, by their weights, of what `judge` says of their labels in the order of their scores; undefined = nothing relevant. */
function ranking(
  { name, top = Number.POSITIVE_INFINITY, withoutRelevant }: RankingOptions,
  judge: (relevances: Float32Array, top: number) => number | undefined,
): EvaluationMetric {
  return {
    name,
    isBetterWhenHigher: true,
    evaluate(predictions: RowPredictions, table: Table) {
      const labels = labelsOf(table, name);
      let total = 0;
      let weights = 0;
      for (const { start, end, weight } of rowGroups(table)) {
        const relevances = Float32Array.from(sortDescending(predictions.values, start, end), (row) => labels[row]);
        total += weight * (judge(relevances, Math.min(top, end - start)) ?? withoutRelevant);
        weights += weight;
      }
      return weights > 0 ? Math.min(1, total / weights) : total;
    },
  };
}
