import { type LinearModel, linearLearner, mostProbable } from "@rondo/learn";
import type { LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { FIRST_PARTY_MODEL_FILE } from "../save-model.ts";
import type { RowAnswer } from "../tabular/answer-predictions.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";

/** Loads `model_algo-1`; answers have `score` and, of classifiers, `predicted_label`. */
export async function loadLinearLearner(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, FIRST_PARTY_MODEL_FILE, linearLearner.decode);
  return serveTabular({
    columns: model.columns,
    formats: ["json", "jsonlines", "csv", "recordio-protobuf"],
    sizeBytes: model.weights.byteLength + model.biases.byteLength,
    predict: (features) => {
      const { rows, width, values } = linearLearner.predict(model, features);
      return Array.from({ length: rows }, (_, row) => answer(model, values.subarray(row * width, (row + 1) * width)));
    },
  });
}

function answer({ predictorType, threshold }: LinearModel, scores: Float32Array): RowAnswer {
  const [score = Number.NaN] = scores;
  switch (predictorType) {
    case "regressor":
      return { score };
    case "binary_classifier":
      return { score, predicted_label: score >= threshold ? 1 : 0 };
    case "multiclass_classifier":
      return { score: scores, predicted_label: mostProbable(scores) };
  }
}
