import type { SparseLinearMatrix } from "@rondo/kernels";
import type { CountedRows } from "./counted-rows.ts";
import { CHARACTERS } from "./vocabulary.ts";

/** How counts become the values of features. */
export interface Weighting {
  /** Word n-grams up to this length, n-grams of characters up to that: longer ones are left out. */
  readonly wordNgrams: number;
  readonly maxChar: number;
  /** Texts in which an n-gram has to be. */
  readonly minDocumentFrequency: number;
  /** 1 + log(count), or 1 for every n-gram that is there. */
  readonly termFrequency: "sublinear" | "binary";
  /** Whether n-grams in fewer texts get larger values: log((1 + texts) ÷ (1 + texts with it)) + 1. */
  readonly inverseDocumentFrequency: boolean;
  /** The share of n-grams of characters in the similarity of two texts, from 0 to 1. */
  readonly characterShare: number;
}

/** Rows after which others have the event loop: some milliseconds' work. */
const ROWS_PER_SLICE = 1024;

/** In how many rows each n-gram is; only of the rows that are to be counted. `pause` is awaited between slices of work. */
export async function documentFrequencies(
  rows: CountedRows,
  features: number,
  isCounted: (row: number) => boolean,
  pause: () => Promise<void>,
): Promise<Uint32Array> {
  const frequencies = new Uint32Array(features);
  const { rowStarts, ngrams } = rows;
  for (let row = 0; row < rows.rows; row++) {
    if (row % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await pause();
    if (!isCounted(row)) continue;
    for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) frequencies[ngrams[entry]]++;
  }
  return frequencies;
}

/** What each n-gram's count is multiplied by; 0 = it is left out. */
export function featureWeights(
  frequencies: Uint32Array,
  texts: number,
  kinds: Uint8Array,
  weighting: Weighting,
): Float32Array {
  const { minDocumentFrequency, inverseDocumentFrequency } = weighting;
  const isUsed = Array.from({ length: 256 }, (_, kind) =>
    kind < CHARACTERS ? kind <= weighting.wordNgrams : kind - CHARACTERS <= weighting.maxChar,
  );
  const weightOf = (frequency: number): number =>
    inverseDocumentFrequency ? Math.log((1 + texts) / (1 + frequency)) + 1 : 1;
  // Most n-grams are rare and there are millions: a logarithm for each would take longer than a training.
  const ofRare = Float64Array.from({ length: 1024 }, (_, frequency) => weightOf(frequency));
  const weights = new Float32Array(frequencies.length);
  for (let feature = 0; feature < frequencies.length; feature++) {
    const frequency = frequencies[feature];
    if (frequency < minDocumentFrequency || frequency === 0 || !isUsed[kinds[feature]]) continue;
    weights[feature] = frequency < ofRare.length ? ofRare[frequency] : weightOf(frequency);
  }
  return weights;
}

/** 1 + log(count) of small counts. */
const LOGARITHMS = Float64Array.from({ length: 1024 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)));

/** The value of a count before it is multiplied by the n-gram's weight. */
export function termValue(count: number, termFrequency: Weighting["termFrequency"]): number {
  if (termFrequency === "binary") return 1;
  return count < LOGARITHMS.length ? LOGARITHMS[count] : 1 + Math.log(count);
}

/** What n-grams are worth, by which counts become values. */
export interface FeatureWeights {
  readonly weights: Float32Array;
  readonly kinds: Uint8Array;
  readonly weighting: Weighting;
}

/**
 * Fills a matrix of the kernel with the rows' values. Features without a weight are left out, which are most of them: the matrix's
 * feature i is the `i`th of the result, ascending. `pause` is awaited between slices of work.
 */
export async function fillMatrix(
  matrix: SparseLinearMatrix,
  rows: CountedRows,
  features: FeatureWeights,
  pause: () => Promise<void>,
): Promise<Uint32Array> {
  const { weights, kinds, weighting } = features;
  const places = new Int32Array(weights.length);
  const used = new Uint32Array(weights.reduce((count, weight) => count + Number(weight !== 0), 0));
  const share = weighting.maxChar > 0 ? weighting.characterShare : 0;
  matrix.features = 0;
  for (let feature = 0; feature < weights.length; feature++) {
    if (weights[feature] === 0) continue;
    matrix.scales[matrix.features] = kinds[feature] < CHARACTERS ? 1 - share : share;
    used[matrix.features] = feature;
    places[feature] = matrix.features++;
  }
  let filled = 0;
  for (let row = 0; row < rows.rows; row++) {
    if (row % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await pause();
    matrix.rowStarts[row] = filled;
    const indexes = matrix.indexes.subarray(filled);
    const written = writeRow(rows, row, features, { indexes, values: matrix.values.subarray(filled) });
    for (let entry = 0; entry < written; entry++) indexes[entry] = places[indexes[entry]];
    filled += written;
  }
  matrix.rowStarts[rows.rows] = filled;
  return used;
}

/** Writes the values of a row; its word n-grams and its n-grams of characters have length 1 each. Returns how many there are. */
export function writeRow(
  { rowStarts, ngrams, counts }: CountedRows,
  row: number,
  { weights, kinds, weighting: { termFrequency } }: FeatureWeights,
  { indexes, values }: { readonly indexes: Uint32Array; readonly values: Float32Array },
): number {
  let written = 0;
  let words = 0;
  let characters = 0;
  for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) {
    const ngram = ngrams[entry];
    const weight = weights[ngram];
    if (weight === 0) continue;
    const value = termValue(counts[entry], termFrequency) * weight;
    if (kinds[ngram] < CHARACTERS) words += value * value;
    else characters += value * value;
    indexes[written] = ngram;
    values[written++] = value;
  }
  const ofWords = words > 0 ? 1 / Math.sqrt(words) : 0;
  const ofCharacters = characters > 0 ? 1 / Math.sqrt(characters) : 0;
  for (let entry = 0; entry < written; entry++) {
    values[entry] *= kinds[indexes[entry]] < CHARACTERS ? ofWords : ofCharacters;
  }
  return written;
}
