import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import type { Objective } from "./objective.ts";
import { newtonScore } from "./pointwise.ts";
import { hazardsAtRisk, survivalOrder } from "./survival-order.ts";

/**
 * `survival:cox`: the partial likelihood of Cox (1972) with Breslow's treatment of equal times. A label is the time of an event, a negative one the time until which a row was
 * seen without; predictions are hazard ratios.
 */
export function cox(): Objective {
  const objective: Objective = {
    name: "survival:cox",
    outputs: 1,
    defaultMetric: "cox-nloglik",
    modelParameters: {},
    check: (table) => void labelsOf(table),
    baseScores: (table) => [newtonScore(objective, table)],
    toMargin: Math.log,
    gradients(margins, table, { first, second }) {
      const labels = labelsOf(table);
      const order = survivalOrder(labels);
      const atRisk = hazardsAtRisk(order, labels, (row) => Math.exp(margins[row]));
      // Σ 1 / risk and Σ 1 / risk² over the events so far.
      let [inverse, inverseSquare] = [0, 0];
      for (const [place, row] of order.entries()) {
        const isEvent = labels[row] > 0;
        if (isEvent) {
          inverse += 1 / atRisk[place];
          inverseSquare += 1 / atRisk[place] ** 2;
        }
        const hazard = Math.exp(margins[row]);
        const weight = table.weights === undefined ? 1 : table.weights[row];
        first[row] = weight * (hazard * inverse - Number(isEvent));
        second[row] = weight * Math.max(0, hazard * inverse - hazard ** 2 * inverseSquare);
      }
    },
    transform: (margins) => margins.map(Math.exp),
  };
  return objective;
}

function labelsOf({ labels }: Table): Float32Array {
  if (labels === undefined)
    throw new DataError("survival:cox needs labels: the times of events, negative for rows that had none.");
  return labels;
}
