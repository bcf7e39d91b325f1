import { FACTORIZATION_THRESHOLD, factorizationMachines } from "@rondo/learn";
import type { LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { FIRST_PARTY_MODEL_FILE } from "../save-model.ts";
import type { RowAnswer } from "../tabular/answer-predictions.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";

/** Loads `model_algo-1`; answers have `score` and, of a binary_classifier, `predicted_label`. Requests are not CSV, as AWS has it. */
export async function loadFactorizationMachines(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, FIRST_PARTY_MODEL_FILE, factorizationMachines.decode);
  return serveTabular({
    columns: model.columns,
    formats: ["json", "jsonlines", "recordio-protobuf"],
    sizeBytes: model.linear.byteLength + model.factors.byteLength,
    predict: (features) => {
      const { values } = factorizationMachines.predict(model, features);
      return Array.from(values, (score): RowAnswer => {
        if (model.predictorType === "regressor") return { score };
        return { score, predicted_label: score >= FACTORIZATION_THRESHOLD ? 1 : 0 };
      });
    },
  });
}
