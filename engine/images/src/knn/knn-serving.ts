import { findNeighbours, type NearestNeighboursModel, type Neighbours, nearestNeighbours, vote } from "@rondo/learn";
import type { InvocationRequest, LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { FIRST_PARTY_MODEL_FILE } from "../save-model.ts";
import type { RowAnswer } from "../tabular/answer-predictions.ts";
import { rowsPerSlice } from "../tabular/rows-per-slice.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";
import { isVerbose } from "../tabular/verbose.ts";

/** Loads `model_algo-1`; answers have `predicted_label`, with `verbose=true` in Accept also `distances` and `labels`, the nearest first. */
export async function loadKnn(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, FIRST_PARTY_MODEL_FILE, nearestNeighbours.decode);
  const { columns, labels } = model;
  return serveTabular({
    columns,
    formats: ["json", "jsonlines", "csv", "recordio-protobuf"],
    rowsPerSlice: rowsPerSlice(labels.length * columns),
    sizeBytes: bytesOf(model),
    predict: (features, request) => answer(model, findNeighbours(model, features), request),
  });
}

/** The rows are held a second time as the kernel needs them. */
function bytesOf({ index, labels }: NearestNeighboursModel): number {
  const rows = index.kind === "ivf-pq" ? index.quantizer.codes.byteLength : 2 * index.rows.values.byteLength;
  return rows + labels.byteLength;
}

function answer(
  model: NearestNeighboursModel,
  neighbours: Neighbours,
  { accept }: InvocationRequest,
): readonly RowAnswer[] {
  const { k, distances, labels, references } = neighbours;
  const verbose = isVerbose(accept);
  return Array.from(vote(model, neighbours).values, (predicted, row): RowAnswer => {
    if (!verbose) return { predicted_label: predicted };
    const missing = references.subarray(row * k, (row + 1) * k).indexOf(-1);
    const end = missing < 0 ? (row + 1) * k : row * k + missing;
    return {
      predicted_label: predicted,
      distances: distances.subarray(row * k, end),
      labels: labels.subarray(row * k, end),
    };
  });
}
