import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage, HyperparameterDefinition } from "../image.ts";
import { loadBlazingText } from "./blazingtext-serving.ts";
import { trainBlazingText } from "./blazingtext-training.ts";

const positiveInteger = { type: "integer", required: false, minimum: 1, maximum: 2_000_000_000 } as const;
const boolean = { type: "categorical", required: false, values: ["True", "False"] } as const;

/**
 * "BlazingText Hyperparameters" of the SageMaker developer guide, text classification; tunable as in "Tune a
 * BlazingText Model".
 */
const hyperparameters: readonly HyperparameterDefinition[] = [
  {
    name: "mode",
    type: "categorical",
    required: true,
    values: ["batch_skipgram", "skipgram", "cbow", "supervised"],
    tunable: false,
    description: "The training mode; supervised is text classification.",
  },
  {
    name: "buckets",
    ...positiveInteger,
    default: "2000000",
    tunable: true,
    description: "Hash buckets for word n-grams.",
  },
  {
    name: "early_stopping",
    ...boolean,
    default: "False",
    tunable: false,
    description:
      "Stop when the validation accuracy does not improve after patience epochs. Needs the channel validation.",
  },
  {
    name: "epochs",
    ...positiveInteger,
    default: "5",
    tunable: true,
    description: "Complete passes through the training data.",
  },
  {
    name: "learning_rate",
    type: "continuous",
    required: false,
    minimum: 0,
    exclusiveMinimum: true,
    default: "0.05",
    tunable: true,
    description: "The step size; it falls linearly to 0.",
  },
  {
    name: "min_count",
    type: "integer",
    required: false,
    minimum: 0,
    maximum: 1_000_000_000,
    default: "5",
    tunable: true,
    description: "Words that appear less often are discarded.",
  },
  {
    name: "min_epochs",
    ...positiveInteger,
    default: "5",
    tunable: false,
    description: "Epochs to train before early stopping is considered.",
  },
  {
    name: "patience",
    ...positiveInteger,
    default: "4",
    tunable: false,
    description: "Epochs without a better validation accuracy before early stopping.",
  },
  {
    name: "vector_dim",
    ...positiveInteger,
    maximum: 10_000,
    default: "100",
    tunable: true,
    description: "Dimensions of the embedding layer.",
  },
  {
    name: "word_ngrams",
    ...positiveInteger,
    maximum: 100,
    default: "2",
    tunable: true,
    description: "Longest word n-gram used as a feature.",
  },
];

/** BlazingText, mode supervised. The artifact `model.bin` is fastText's, which pip's fasttext loads. */
export const blazingText: BuiltInImage = {
  repository: "blazingtext",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: [
    { name: "train:accuracy", regex: "#train_accuracy: (\\S+)" },
    { name: "validation:accuracy", regex: "#validation_accuracy: (\\S+)" },
  ],
  channels: [
    { name: "train", required: true, contentTypes: ["text/plain", "application/jsonlines"] },
    { name: "validation", required: false, contentTypes: ["text/plain", "application/jsonlines"] },
  ],
  train: (context) => trainBlazingText(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadBlazingText,
};
