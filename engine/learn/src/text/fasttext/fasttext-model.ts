import {
  allocateEmbeddingBag,
  createEmbeddingBag,
  type EmbeddingBagKernel,
  type EmbeddingBagLoss,
  type EmbeddingBagMemory,
  inputRows,
  type ThreadCapacity,
} from "@rondo/kernels";
import type { EmbeddingMatrix } from "./embedding-matrix.ts";
import type { Corpus } from "./fasttext-corpus.ts";
import type { Vocabulary } from "./fasttext-line.ts";
import { buildLabelPaths } from "./huffman-tree.ts";
import type { QuantisedMatrix } from "./quantised-matrix.ts";

/** What fastText's file says of a model besides its dictionary and matrices. */
export interface FastTextSettings {
  readonly dim: number;
  readonly loss: EmbeddingBagLoss;
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
  /** What `bag` holds, as it was quantised: this is what the model's file has then. */
  readonly quantised?: { readonly input: QuantisedMatrix; readonly output?: QuantisedMatrix };
}

/**
 * Room for a text to be judged: 4 million int32 for its record and as many features, some 10 MB of text. It costs
 * address space only until a text is that long.
 */
export const TEXT_CAPACITY = 4 * 1024 ** 2;
const FOR_TEXTS: ThreadCapacity = { windowBytes: TEXT_CAPACITY * 4, features: TEXT_CAPACITY };

/** A model of zeros, for one thread that judges texts or for those that train it. */
export function createModel(
  settings: FastTextSettings,
  vocabulary: Vocabulary,
  training: { readonly threads: number; readonly capacity: ThreadCapacity } = { threads: 1, capacity: FOR_TEXTS },
): FastTextModel {
  const { words, buckets, bucketRows, labels, wordNgrams } = vocabulary;
  const { dim, loss } = settings;
  const counts = Array.from({ length: labels }, (_, label) => vocabulary.dictionary.count(words + label));
  const paths = loss === "hierarchical-softmax" ? buildLabelPaths(counts) : undefined;
  const { threads, capacity } = training;
  const first = {
    windowBytes: Math.max(FOR_TEXTS.windowBytes, capacity.windowBytes),
    features: Math.max(FOR_TEXTS.features, capacity.features),
  };
  const others = Array.from({ length: threads - 1 }, () => capacity);
  const bag = allocateEmbeddingBag({ dim, words, buckets, bucketRows, labels, wordNgrams, loss, paths }, [
    first,
    ...others,
  ]);
  return { settings, vocabulary, bag, kernel: createEmbeddingBag(bag) };
}

/** The embeddings of words and n-grams: what the model has learned of texts. */
export function inputMatrix({ bag: { shape, layout, memory } }: FastTextModel): EmbeddingMatrix {
  const rows = inputRows(shape);
  const values = new Float32Array(memory.buffer, layout.input, rows * layout.stride);
  return { values, rows, dim: shape.dim, stride: layout.stride };
}

/** The rows of the labels. */
export function outputMatrix({ bag: { shape, layout, memory } }: FastTextModel): EmbeddingMatrix {
  const values = new Float32Array(memory.buffer, layout.output, shape.labels * layout.stride);
  return { values, rows: shape.labels, dim: shape.dim, stride: layout.stride };
}

/**
 * The share of examples whose most probable label is one of theirs, and how many there are. A label that training never
 * saw cannot be hit.
 */
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
export function modelBytes(model: FastTextModel): number {
  const { quantised, bag } = model;
  const codes = (quantised?.input.codes.length ?? 0) + (quantised?.output?.codes.length ?? 0);
  return (inputRows(bag.shape) + bag.shape.labels) * bag.layout.stride * 4 + codes;
}
