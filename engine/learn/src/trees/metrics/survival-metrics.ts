import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import { acceleratedFailureLoss } from "../objectives/accelerated-failure-loss.ts";
import type { FailureDistribution } from "../objectives/failure-distributions.ts";
import { hazardsAtRisk, survivalOrder } from "../objectives/survival-order.ts";
import type { EvaluationMetric } from "./metric.ts";
import { labelsOf, weightedMean } from "./weighted-mean.ts";

/** Negative log partial likelihood of Cox (1972), per event; predictions are hazard ratios, a negative label is the time of a censored row. */
export function coxLikelihood(): EvaluationMetric {
  return {
    name: "cox-nloglik",
    isBetterWhenHigher: false,
    evaluate({ values }, table) {
      const labels = labelsOf(table, "cox-nloglik");
      const order = survivalOrder(labels);
      const atRisk = hazardsAtRisk(order, labels, (row) => values[row]);
      let [total, events] = [0, 0];
      for (const [place, row] of order.entries()) {
        if (!(labels[row] > 0)) continue;
        total -= Math.log(values[row]) - Math.log(atRisk[place]);
        events += 1;
      }
      return total / events;
    },
  };
}

/**
 * Mean negative log-likelihood of the accelerated failure time model; predictions are margins: logarithms of times. XGBoost's metric takes the scale for 1 whatever it is; here it is the
 * model's.
 */
export function acceleratedFailureLikelihood(distribution: FailureDistribution, scale: number): EvaluationMetric {
  const loss = acceleratedFailureLoss(distribution, scale);
  return {
    name: "aft-nloglik",
    isBetterWhenHigher: false,
    evaluate({ rows, values }, table) {
      const { lower, upper } = boundsOf(table, "aft-nloglik");
      return weightedMean(table, rows, (row) => loss.value(lower[row], upper[row], values[row]));
    },
  };
}

/** The share of rows whose predicted time lies within their bounds; predictions are logarithms of times. */
export function intervalAccuracy(): EvaluationMetric {
  const name = "interval-regression-accuracy";
  return {
    name,
    isBetterWhenHigher: true,
    evaluate({ rows, values }, table) {
      const { lower, upper } = boundsOf(table, name);
      return weightedMean(table, rows, (row) => {
        const time = Math.exp(values[row]);
        return time >= lower[row] && time <= upper[row] ? 1 : 0;
      });
    },
  };
}

function boundsOf({ bounds }: Table, metric: string): NonNullable<Table["bounds"]> {
  if (bounds === undefined)
    throw new DataError(`The metric ${metric} needs the lower and upper bound of each row's label.`);
  return bounds;
}
