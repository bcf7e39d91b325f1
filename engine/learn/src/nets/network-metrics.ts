import { setImmediate } from "node:timers/promises";
import { sliceRows } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import type { Network } from "./network.ts";
import type { TargetScale } from "./network-data.ts";
import { predictNetwork } from "./predict-network.ts";

/** Keeps a logarithm finite where a probability has been rounded to 0. */
const SMALLEST = 1e-15;

/** Multiplications of the network between two looks at the signal: some 20 ms. */
const PRODUCTS_PER_TURN = 2 ** 24;

interface NetworkMetrics {
  readonly loss: number;
  readonly metrics: readonly (readonly [name: string, value: number])[];
}

/** The loss that training lowers, and what people ask for: rmse of a regressor, accuracy of a classifier. Rows count by their weights. */
export async function networkMetrics(
  network: Network,
  { features, labels, weights }: Table,
  { scale, signal }: { readonly scale: TargetScale; readonly signal: AbortSignal | undefined },
): Promise<NetworkMetrics> {
  const sums = { total: 0, loss: 0, squares: 0, right: 0 };
  const products = network.layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 1);
  const rowsPerTurn = Math.max(1, Math.floor(PRODUCTS_PER_TURN / products));
  for (let from = 0; from < features.rows; from += rowsPerTurn) {
    const slice = sliceRows(features, from, Math.min(features.rows, from + rowsPerTurn));
    const { width, values } = predictNetwork(network, slice);
    for (let row = 0; row < slice.rows; row += 1) {
      const [label, weight] = [labels?.[from + row] ?? 0, weights?.[from + row] ?? 1];
      addRow(sums, network, { scores: values.subarray(row * width, (row + 1) * width), label, weight, scale });
    }
    await setImmediate();
    signal?.throwIfAborted();
  }
  const { total, loss, squares, right } = sums;
  const figure =
    network.task === "regressor"
      ? (["rmse", Math.sqrt(squares / total)] as const)
      : (["accuracy", right / total] as const);
  return { loss: loss / total, metrics: [figure] };
}

interface JudgedRow {
  readonly scores: Float32Array;
  readonly label: number;
  readonly weight: number;
  readonly scale: TargetScale;
}

function addRow(
  sums: { total: number; loss: number; squares: number; right: number },
  { task }: Network,
  { scores, label, weight, scale }: JudgedRow,
): void {
  const first = scores[0] ?? 0;
  sums.total += weight;
  if (task === "regressor") {
    sums.squares += weight * (first - label) ** 2;
    sums.loss += (weight * ((first - label) / scale.deviation) ** 2) / 2;
    return;
  }
  const isBinary = task === "binary_classifier";
  const probability = isBinary ? (label === 1 ? first : 1 - first) : (scores[label] ?? 0);
  const predicted = isBinary ? Number(first > 0.5) : scores.indexOf(Math.max(...scores));
  sums.loss -= weight * Math.log(Math.max(SMALLEST, probability));
  if (predicted === label) sums.right += weight;
}
