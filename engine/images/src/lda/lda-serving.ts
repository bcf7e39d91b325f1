import { latentDirichlet } from "@rondo/learn";
import type { LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { FIRST_PARTY_MODEL_FILE } from "../save-model.ts";
import { rowsPerSlice } from "../tabular/rows-per-slice.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";

/** Words of a document times the iterations that its mixture takes. */
const USUAL_ENTRIES = 100 * 50;

/** Loads `model_algo-1`; answers have `topic_mixture`, one share for each topic. */
export async function loadLda(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, FIRST_PARTY_MODEL_FILE, latentDirichlet.decode);
  return serveTabular({
    columns: model.vocabulary,
    formats: ["json", "jsonlines", "csv", "recordio-protobuf"],
    rowsPerSlice: rowsPerSlice(USUAL_ENTRIES * model.topics),
    sizeBytes: model.wordProbabilities.byteLength,
    predict: (features) => {
      const { rows, width, values } = latentDirichlet.predict(model, features);
      return Array.from({ length: rows }, (_, row) => ({
        topic_mixture: values.slice(row * width, (row + 1) * width),
      }));
    },
  });
}
