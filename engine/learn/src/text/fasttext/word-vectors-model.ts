import { Int32List } from "../int32-list.ts";
import { type EmbeddingMatrix, rowOf } from "./embedding-matrix.ts";
import { END_OF_LINE } from "./fasttext-dictionary.ts";
import { pushCharacterNgrams, type Vocabulary } from "./fasttext-line.ts";

/** What fastText's file says of how vectors were learned. */
export interface WordVectorSettings {
  readonly mode: "cbow" | "skipgram";
  readonly loss: "negative-sampling" | "hierarchical-softmax" | "softmax" | "one-versus-all";
  readonly dim: number;
  readonly window: number;
  readonly epochs: number;
  readonly minCount: number;
  readonly negatives: number;
  readonly learningRateUpdateRate: number;
  readonly samplingThreshold: number;
}

/** Vectors of words and of the buckets of their character n-grams, and those of words as context. */
export interface WordVectorModel {
  readonly settings: WordVectorSettings;
  readonly vocabulary: Vocabulary;
  readonly input: EmbeddingMatrix;
  readonly output: EmbeddingMatrix;
}

/** What vectors of words are read from: word vectors, or the embeddings of a classifier. */
export type VectorSource = Pick<WordVectorModel, "vocabulary" | "input">;

/** The row of a word, or -1. */
export function findWord({ vocabulary: { dictionary, words } }: VectorSource, word: Uint8Array): number {
  const entry = dictionary.findWord(word);
  return entry < words ? entry : -1;
}

/** The rows whose mean is the word's vector: its own and those of its character n-grams. None for an unknown word without n-grams. */
export function rowsOfWord(vocabulary: Vocabulary, word: Uint8Array, entry: number): Int32List {
  const rows = new Int32List(32);
  if (entry >= 0) rows.push(entry);
  if (vocabulary.maxChar > 0 && Buffer.compare(word, END_OF_LINE) !== 0) pushCharacterNgrams(vocabulary, word, rows);
  return rows;
}

/** The vector of a word (UTF-8): the mean of its rows, so that unknown words have one too when there are character n-grams; else zeros. */
export function wordVector(source: VectorSource, word: Uint8Array): Float32Array {
  const rows = rowsOfWord(source.vocabulary, word, findWord(source, word));
  const vector = new Float32Array(source.input.dim);
  for (let index = 0; index < rows.length; index++) {
    const row = rowOf(source.input, rows.values[index]);
    for (let column = 0; column < vector.length; column++) vector[column] += row[column];
  }
  return rows.length > 1 ? vector.map((value) => value / rows.length) : vector;
}

/** All words with their vectors, by falling count. */
export function* wordsWithVectors(source: VectorSource): Generator<readonly [Uint8Array, Float32Array]> {
  const { dictionary, words } = source.vocabulary;
  for (let word = 0; word < words; word++) yield [dictionary.word(word), wordVector(source, dictionary.word(word))];
}

/** Bytes of the vectors, roughly: what the model takes of the machine's memory. */
export function wordVectorBytes({ input, output }: WordVectorModel): number {
  return input.values.byteLength + output.values.byteLength;
}
