import type { Algorithm, FitContext } from "../../algorithm.ts";
import { DataError } from "../../algorithm.ts";
import { resolveParameters } from "../../parameters.ts";
import { rowOf } from "./embedding-matrix.ts";
import { readText, readTrainingText, type TextChunks } from "./fasttext-corpus.ts";
import { decodeFastText, encodeFastText } from "./fasttext-file.ts";
import { createModel, evaluate, type FastTextModel, inputMatrix } from "./fasttext-model.ts";
import { predictText, type TextPrediction } from "./fasttext-prediction.ts";
import { train } from "./fasttext-training.ts";
import { takeSnapshot } from "./matrix-snapshot.ts";
import { usefulThreads } from "./useful-threads.ts";
import { decodeVectors, type NamedVectors } from "./vector-file.ts";

/** Names are BlazingText's where it has one; defaults are those of fastText's supervised mode. */
export const fastTextParameters = {
  /** Length of the embeddings (`dim`). */
  vectorDim: { type: "integer", minimum: 1, maximum: 10_000, default: 100 },
  epochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 5 },
  learningRate: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 0.1 },
  /** Words after which a thread reports its progress, by which the learning rate falls (`lrUpdateRate`). */
  learningRateUpdateRate: { type: "integer", minimum: 0, maximum: 1e9, default: 100 },
  /** Words seen less often than this are left out; their n-grams are not. */
  minCount: { type: "integer", minimum: 0, maximum: 1e9, default: 1 },
  minCountLabel: { type: "integer", minimum: 0, maximum: 1e9, default: 0 },
  /** Longest word n-gram. */
  wordNgrams: { type: "integer", minimum: 1, maximum: 100, default: 1 },
  /** Rows that word and character n-grams are hashed into; none are kept when there are no n-grams. */
  buckets: { type: "integer", minimum: 1, maximum: 2_000_000_000, default: 2_000_000 },
  /** Lengths of character n-grams (`minn`, `maxn`); maxChar 0 = none. */
  minChar: { type: "integer", minimum: 0, maximum: 100, default: 0 },
  maxChar: { type: "integer", minimum: 0, maximum: 100, default: 0 },
  loss: { type: "categorical", values: ["softmax", "one-versus-all", "hierarchical-softmax"], default: "softmax" },
  /** What a label token starts with. */
  label: { type: "text", default: "__label__" },
  /**
   * Keep the weights of the best epoch by accuracy on the validation text; stop after `patience` epochs without a
   * better one, not before `minEpochs`.
   */
  earlyStopping: { type: "boolean", default: false },
  minEpochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 5 },
  patience: { type: "integer", minimum: 1, maximum: 1_000_000, default: 4 },
} as const;

export interface FastTextData {
  readonly train: TextChunks;
  /** Needed for early stopping. */
  readonly validation?: TextChunks;
  /** Word vectors in word2vec's text form (`.vec`) with as many dimensions: what the embeddings of their words start from. */
  readonly pretrainedVectors?: TextChunks;
}

export interface FastTextInput {
  /** UTF-8, without labels. */
  readonly text: Uint8Array;
  /** At most this many labels. Default 1. */
  readonly k?: number;
  /** Only labels of at least this probability. Default 0. */
  readonly threshold?: number;
}

/**
 * fastText's supervised mode: Joulin, Grave, Bojanowski, Mikolov, "Bag of Tricks for Efficient Text Classification"
 * (2016); character n-grams after Bojanowski et al., "Enriching Word Vectors with Subword Information" (2017). It
 * follows the reference program (0.9.2): dictionary, hashing, initial numbers, schedule, sampling, file.
 *
 * With one thread the same seed gives the same bytes. Several threads write to the same matrices without locks
 * (Hogwild), as in fastText: results differ in the third digit of the accuracy from run to run.
 */
export const fastText: Algorithm<
  typeof fastTextParameters,
  FastTextData,
  FastTextModel,
  FastTextInput,
  readonly TextPrediction[]
> = {
  id: "fasttext",
  parameters: fastTextParameters,
  fit,
  predict: (model, inputs) => inputs.map(({ text, k = 1, threshold = 0 }) => predictText(model, text, k, threshold)),
  encode: encodeFastText,
  decode: decodeFastText,
};

async function fit(parameters: object, data: FastTextData, context: FitContext): Promise<FastTextModel> {
  const settings = resolveParameters(fastTextParameters, { ...parameters });
  const {
    vectorDim: dim,
    loss,
    epochs,
    minCount,
    learningRate,
    learningRateUpdateRate,
    minEpochs,
    patience,
  } = settings;
  if (settings.earlyStopping && data.validation === undefined) {
    throw new DataError("Early stopping needs validation data.");
  }
  context.signal?.throwIfAborted();
  const pretrained = data.pretrainedVectors && (await decodeVectors(data.pretrainedVectors, context.signal));
  if (pretrained !== undefined && pretrained.dim !== dim) {
    throw new DataError(`The pretrained vectors have ${pretrained.dim} dimensions, not ${dim}.`);
  }
  const buckets = settings.wordNgrams > 1 || settings.maxChar > 0 ? settings.buckets : 0;
  const options = { ...settings, buckets, known: pretrained?.words };
  const { vocabulary, corpus } = await readTrainingText(data.train, options, context.signal);
  const validation =
    settings.earlyStopping && data.validation !== undefined
      ? await readText(data.validation, vocabulary, context.signal)
      : undefined;
  if (validation?.examples === 0) throw new DataError("The validation data has no labelled line.");
  const threads = usefulThreads(context.threads, epochs * corpus.tokens, TOKENS_PER_THREAD);
  const all = [...corpus.segments, ...(validation?.segments ?? [])];
  const capacity = {
    windowBytes: Math.max(...all.map(({ byteLength }) => byteLength)),
    features: Math.max(corpus.features, validation?.features ?? 0),
  };
  const model = createModel({ dim, loss, epochs, minCount }, vocabulary, { threads, capacity });
  const earlyStopping = validation && {
    minEpochs,
    patience,
    judge: () => evaluate(model, validation).accuracy,
    takeSnapshot: () => takeSnapshot(model.bag),
  };
  const prepare = pretrained && (() => placeVectors(pretrained, model));
  const plan = { epochs, learningRate, learningRateUpdateRate, earlyStopping, prepare };
  await train({ kind: "classifier", memory: model.bag }, corpus, plan, { ...context, threads });
  return model;
}

/** Starting a thread costs some 50 ms, in which one thread learns about this many tokens. */
const TOKENS_PER_THREAD = 2_000_000;

function placeVectors(vectors: NamedVectors, model: FastTextModel): void {
  const { dictionary } = model.vocabulary;
  const input = inputMatrix(model);
  for (const [index, word] of vectors.words.entries()) {
    const entry = dictionary.findWord(word);
    if (entry >= 0 && entry < model.vocabulary.words) rowOf(input, entry).set(vectors.vectorOf(index));
  }
}
