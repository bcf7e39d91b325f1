import { explainAnomalies, randomCutForest } from "@rondo/learn";
import type { LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { FIRST_PARTY_MODEL_FILE } from "../save-model.ts";
import { rowsPerSlice } from "../tabular/rows-per-slice.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";
import { isVerbose } from "../tabular/verbose.ts";

/** Boxes that a row is held against in each tree. */
const USUAL_DEPTH = 16;

/**
 * Loads `model_algo-1`; answers have `score`, with `verbose=true` in Accept also `attribution`, which AWS does not have: how much each
 * column contributes to the score.
 */
export async function loadRandomCutForest(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, FIRST_PARTY_MODEL_FILE, randomCutForest.decode);
  const { columns } = model;
  const [first] = model.trees;
  return serveTabular({
    columns,
    formats: ["json", "jsonlines", "csv", "recordio-protobuf"],
    list: "scores",
    rowsPerSlice: rowsPerSlice(USUAL_DEPTH * model.trees.length * columns),
    sizeBytes: model.trees.length * (first === undefined ? 0 : first.points.byteLength * 3),
    predict: (features, { accept }) => {
      const { values } = randomCutForest.predict(model, features);
      if (!isVerbose(accept)) return Array.from(values, (score) => ({ score }));
      const contributions = explainAnomalies(model, features);
      return Array.from(values, (score, row) => ({
        score,
        attribution: [...contributions.subarray(row * columns, (row + 1) * columns)],
      }));
    },
  });
}
