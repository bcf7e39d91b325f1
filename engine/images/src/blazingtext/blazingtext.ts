import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { blazingTextHyperparameters } from "./blazingtext-hyperparameters.ts";
import { loadBlazingText } from "./blazingtext-serving.ts";
import { trainBlazingText } from "./blazingtext-training.ts";

/**
 * BlazingText: text classification (mode supervised) and word vectors. The artifacts `model.bin` and `vectors.bin` are
 * fastText's, which pip's fasttext loads; `vectors.txt` is word2vec's text form.
 */
export const blazingText: BuiltInImage = {
  repository: "blazingtext",
  tags: ["1", "latest"],
  hyperparameters: blazingTextHyperparameters,
  metrics: [
    { name: "train:accuracy", regex: "#train_accuracy: (\\S+)" },
    { name: "validation:accuracy", regex: "#validation_accuracy: (\\S+)" },
    { name: "train:mean_rho", regex: '"mean_rho": (-?[0-9.]+)' },
  ],
  channels: [
    { name: "train", required: true, contentTypes: ["text/plain", "application/jsonlines"] },
    { name: "validation", required: false, contentTypes: ["text/plain", "application/jsonlines"] },
  ],
  train: (context) =>
    trainBlazingText(readHyperparameters(blazingTextHyperparameters, context.hyperparameters), context),
  load: loadBlazingText,
};
