import {
  allocateEmbeddingBag,
  createEmbeddingBag,
  type EmbeddingBagCapacity,
  type EmbeddingBagKernel,
  type EmbeddingBagLoss,
  type EmbeddingBagMemory,
} from "@rondo/kernels";
import type { Corpus } from "./fasttext-corpus.ts";
import type { Vocabulary } from "./fasttext-line.ts";

/** What fastText's file says of a model besides its dictionary and matrices. */
export interface FastTextSettings {
  readonly dim: number;
  readonly loss: "softmax" | "one-versus-all";
  readonly epochs: number;
  readonly minCount: number;
}

/** A supervised fastText model: embeddings of words and n-gram buckets, and one output row per label. */
export interface FastTextModel {
  readonly settings: FastTextSettings;
  readonly vocabulary: Vocabulary;
  readonly bag: EmbeddingBagMemory;
  /** The first thread's view of `bag`. */
  readonly kernel: EmbeddingBagKernel;
}

/**
 * Room for a text to be judged: 4 million int32 for its record and as many features, some 10 MB of text. It costs address space only until
 * a text is that long.
 */
export const TEXT_CAPACITY = 4 * 1024 ** 2;

export function createModel(
  settings: FastTextSettings,
  vocabulary: Vocabulary,
  capacity: Partial<EmbeddingBagCapacity> = {},
): FastTextModel {
  const { words, buckets, labels, wordNgrams } = vocabulary;
  const loss: EmbeddingBagLoss = settings.loss;
  const bag = allocateEmbeddingBag(
    { dim: settings.dim, words, buckets, labels, wordNgrams, loss },
    {
      threads: capacity.threads ?? 1,
      windowBytes: Math.max(TEXT_CAPACITY * 4, capacity.windowBytes ?? 0),
      features: Math.max(TEXT_CAPACITY, capacity.features ?? 0),
    },
  );
  return { settings, vocabulary, bag, kernel: createEmbeddingBag(bag) };
}

/** The share of examples whose most probable label is one of theirs, and how many there are. A label that training never saw cannot be hit. */
export function evaluate(
  { kernel }: FastTextModel,
  corpus: Corpus,
): { readonly correct: number; readonly examples: number; readonly accuracy: number } {
  let correct = 0;
  for (const segment of corpus.segments) {
    kernel.window.set(segment);
    correct += kernel.countCorrect(segment.byteLength);
  }
  return { correct, examples: corpus.examples, accuracy: corpus.examples === 0 ? 0 : correct / corpus.examples };
}

/** Bytes of the matrices' rows that hold something, roughly: what the model takes of the machine's memory. */
export function modelBytes({ bag, vocabulary }: FastTextModel): number {
  return (vocabulary.words + vocabulary.buckets + vocabulary.labels) * bag.layout.stride * 4;
}
