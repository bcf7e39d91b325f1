import { type TextClassifierModel, textClassifier } from "@rondo/learn";
import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage, LoadedModel } from "../image.ts";
import { loadModelFile } from "../load-model-file.ts";
import { serveTexts, type TextConfiguration } from "../serve-texts.ts";
import { textClassifierHyperparameters } from "./text-classifier-hyperparameters.ts";
import { MODEL_FILE, trainTextClassifier } from "./text-classifier-training.ts";

const contentTypes = ["text/plain", "text/csv", "application/jsonlines"];

/** `rondo/text-classifier:1`, an image of our own: a linear classifier over n-grams, asked and answering as BlazingText. */
export const textClassifierImage: BuiltInImage = {
  repository: "text-classifier",
  tags: ["1", "latest"],
  hyperparameters: textClassifierHyperparameters,
  metrics: ["accuracy", "micro_f1", "macro_f1"].map((metric) => ({
    name: `validation:${metric}`,
    regex: `#validation_${metric}: (\\S+)`,
  })),
  channels: [
    { name: "train", required: true, contentTypes },
    { name: "validation", required: false, contentTypes },
  ],
  train: (context) =>
    trainTextClassifier(readHyperparameters(textClassifierHyperparameters, context.hyperparameters), context),
  load: loadTextClassifier,
};

async function loadTextClassifier(modelDirectory: string): Promise<LoadedModel> {
  const model = await loadModelFile(modelDirectory, MODEL_FILE, textClassifier.decode);
  return serveTexts(
    (text, configuration) =>
      answerText(model, Buffer.from(text.buffer, text.byteOffset, text.length).toString(), configuration),
    model.byteLength,
  );
}

/** Without `k` the labels that the text gets: one, or of several all above their threshold. Labels have BlazingText's prefix. */
function answerText(model: TextClassifierModel, text: string, { k, explain }: TextConfiguration): string {
  const [predictions = []] = textClassifier.predict(model, [{ text, k, explain }]);
  return JSON.stringify({
    label: predictions.map(({ label }) => `__label__${label}`),
    prob: predictions.map(({ probability }) => probability),
    ...(explain === true
      ? { explanation: predictions.map(({ score, explanation }) => ({ score, ...explanation })) }
      : {}),
  });
}
