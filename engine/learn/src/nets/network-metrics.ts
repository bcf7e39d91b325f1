import type { Table } from "../table/table.ts";
import type { Network } from "./network.ts";
import type { TargetScale } from "./network-data.ts";
import { predictNetwork } from "./predict-network.ts";

/** Keeps a logarithm finite where a probability has been rounded to 0. */
const SMALLEST = 1e-15;

/** The loss that training lowers, and what people ask for: rmse of a regressor, accuracy of a classifier. Rows count by their weights. */
export function networkMetrics(network: Network, { features, labels, weights }: Table, { deviation }: TargetScale) {
  const { width, values } = predictNetwork(network, features);
  let [total, loss, squares, right] = [0, 0, 0, 0];
  for (let row = 0; row < features.rows; row += 1) {
    const [label, weight] = [labels?.[row] ?? 0, weights?.[row] ?? 1];
    const scores = values.subarray(row * width, (row + 1) * width);
    total += weight;
    if (network.task === "regressor") {
      const error = (scores[0] ?? 0) - label;
      squares += weight * error ** 2;
      loss += (weight * (error / deviation) ** 2) / 2;
    } else {
      const second = scores[0] ?? 0;
      const isBinary = network.task === "binary_classifier";
      const probability = isBinary ? (label === 1 ? second : 1 - second) : (scores[label] ?? 0);
      const predicted = isBinary ? Number(second > 0.5) : scores.indexOf(Math.max(...scores));
      loss -= weight * Math.log(Math.max(SMALLEST, probability));
      if (predicted === label) right += weight;
    }
  }
  const figure =
    network.task === "regressor"
      ? (["rmse", Math.sqrt(squares / total)] as const)
      : (["accuracy", right / total] as const);
  return { loss: loss / total, metrics: [figure] };
}
