import { kMeans } from "@rondo/learn";
import type { LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { FIRST_PARTY_MODEL_FILE } from "../save-model.ts";
import { rowsPerSlice } from "../tabular/rows-per-slice.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";

/** Loads `model_algo-1`; answers have `closest_cluster` and `distance_to_cluster`, the Euclidean distance. */
export async function loadKMeans(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, FIRST_PARTY_MODEL_FILE, kMeans.decode);
  return serveTabular({
    columns: model.centers.columns,
    formats: ["json", "jsonlines", "csv", "recordio-protobuf"],
    rowsPerSlice: rowsPerSlice(model.centers.values.length),
    sizeBytes: model.centers.values.byteLength,
    predict: (features) => {
      const { rows, values } = kMeans.predict(model, features);
      return Array.from({ length: rows }, (_, row) => ({
        closest_cluster: values[row * 2] ?? Number.NaN,
        distance_to_cluster: values[row * 2 + 1] ?? Number.NaN,
      }));
    },
  });
}
