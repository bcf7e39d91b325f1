import { principalComponents } from "@rondo/learn";
import type { LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { FIRST_PARTY_MODEL_FILE } from "../save-model.ts";
import { rowsPerSlice } from "../tabular/rows-per-slice.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";

/** Loads `model_algo-1`; answers have `projection`, as AWS's container writes it: the component of the greatest variance comes last. */
export async function loadPca(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, FIRST_PARTY_MODEL_FILE, principalComponents.decode);
  return serveTabular({
    columns: model.components.columns,
    formats: ["json", "jsonlines", "csv", "recordio-protobuf"],
    list: "projections",
    rowsPerSlice: rowsPerSlice(model.components.values.length),
    sizeBytes: model.components.values.byteLength + model.mean.byteLength,
    predict: (features) => {
      const { rows, width, values } = principalComponents.predict(model, features);
      return Array.from({ length: rows }, (_, row) => ({
        projection: values.slice(row * width, (row + 1) * width).reverse(),
      }));
    },
  });
}
