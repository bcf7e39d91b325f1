import type { HyperparameterDefinition } from "../image.ts";

const positiveInteger = { type: "integer", required: false, minimum: 1, maximum: 2_000_000_000 } as const;
const boolean = { type: "categorical", required: false, values: ["True", "False"] } as const;

/**
 * "BlazingText Hyperparameters" of the SageMaker developer guide, both tables; tunable as in "Tune a BlazingText Model".
 * Defaults that both tables have are the same.
 */
export const blazingTextHyperparameters: readonly HyperparameterDefinition[] = [
  {
    name: "mode",
    type: "categorical",
    required: true,
    values: ["batch_skipgram", "skipgram", "cbow", "supervised"],
    tunable: true,
    description: "How word vectors are learned; supervised is text classification.",
  },
  {
    name: "batch_size",
    ...positiveInteger,
    maximum: 1000,
    default: "11",
    tunable: true,
    description: "Of batch_skipgram: words of a context that share their negative samples. 10 to 20 are recommended.",
  },
  {
    name: "buckets",
    ...positiveInteger,
    default: "2000000",
    tunable: true,
    description: "Hash buckets for word n-grams, or for the character n-grams of subwords.",
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
    name: "evaluation",
    ...boolean,
    default: "True",
    tunable: false,
    description:
      "Compare the vectors with judged word pairs. The pairs are no part of the image: they come in the channel validation.",
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
    name: "max_char",
    ...positiveInteger,
    maximum: 100,
    default: "6",
    tunable: false,
    description: "Longest character n-gram of subwords.",
  },
  {
    name: "min_char",
    ...positiveInteger,
    maximum: 100,
    default: "3",
    tunable: false,
    description: "Shortest character n-gram of subwords.",
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
    name: "negative_samples",
    ...positiveInteger,
    maximum: 1000,
    default: "5",
    tunable: true,
    description: "Words drawn for each word of a context, from which it is to be told.",
  },
  {
    name: "patience",
    ...positiveInteger,
    default: "4",
    tunable: false,
    description: "Epochs without a better validation accuracy before early stopping.",
  },
  {
    name: "sampling_threshold",
    type: "continuous",
    required: false,
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1,
    default: "0.0001",
    tunable: true,
    description: "Words more frequent than this share are left out more often.",
  },
  {
    name: "subwords",
    ...boolean,
    default: "False",
    tunable: false,
    description: "Learn vectors of character n-grams too, so that unknown words have one. Not with batch_skipgram.",
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
    name: "window_size",
    ...positiveInteger,
    maximum: 1000,
    default: "5",
    tunable: true,
    description: "Words on either side that are the context, at most.",
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

const ofSupervised = ["early_stopping", "min_epochs", "patience", "word_ngrams"];
const ofWordVectors = [
  "batch_size",
  "evaluation",
  "max_char",
  "min_char",
  "negative_samples",
  "sampling_threshold",
  "subwords",
  "window_size",
];

/** The given hyperparameters that the mode does not use. */
export function withoutEffect(mode: string, given: Readonly<Record<string, string>>): string[] {
  return (mode === "supervised" ? ofWordVectors : ofSupervised).filter((name) => given[name] !== undefined);
}
