import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import type { Objective } from "./objective.ts";
import { survivalOrder } from "./survival-order.ts";

/**
 * `survival:cox`: the partial likelihood of Cox (1972) with Breslow's treatment of equal times. A label is the time of an event, a negative one the time until which a row was
 * seen without; predictions are hazard ratios.
 */
export function cox(): Objective {
  return {
    name: "survival:cox",
    outputs: 1,
    defaultMetric: "cox-nloglik",
    modelParameters: {},
    check: (table) => void labelsOf(table),
    baseScores: () => [0.5],
    toMargin: Math.log,
    gradients(margins, table, { first, second }) {
      const labels = labelsOf(table);
      const order = survivalOrder(labels);
      let atRisk = margins.reduce((total, margin) => total + Math.exp(margin), 0);
      // Σ 1 / risk and Σ 1 / risk² over the events so far.
      let [inverse, inverseSquare] = [0, 0];
      let [leaving, lastHazard, lastTime] = [0, 0, 0];
      for (const row of order) {
        const time = Math.abs(labels[row]);
        leaving += lastHazard;
        if (lastTime < time) {
          atRisk -= leaving;
          leaving = 0;
        }
        const isEvent = labels[row] > 0;
        if (isEvent) {
          inverse += 1 / atRisk;
          inverseSquare += 1 / atRisk ** 2;
        }
        const hazard = Math.exp(margins[row]);
        const weight = table.weights === undefined ? 1 : table.weights[row];
        first[row] = weight * (hazard * inverse - Number(isEvent));
        second[row] = weight * Math.max(0, hazard * inverse - hazard ** 2 * inverseSquare);
        lastHazard = hazard;
        lastTime = time;
      }
    },
    transform: (margins) => margins.map(Math.exp),
  };
}

function labelsOf({ labels }: Table): Float32Array {
  if (labels === undefined)
    throw new DataError("survival:cox needs labels: the times of events, negative for rows that had none.");
  return labels;
}
