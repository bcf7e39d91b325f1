import { spearmanCorrelation } from "@rondo/statistics";
import { cosine } from "./nearest-words.ts";
import { findWord, rowsOfWord, type VectorSource, wordVector } from "./word-vectors-model.ts";

/** Two words and how similar people find them, on any scale. */
export interface JudgedPair {
  readonly first: string;
  readonly second: string;
  readonly judgement: number;
}

export interface SimilarityReport {
  /** Spearman's ρ between cosines and judgements, over the pairs that are known; NaN for less than two of them. */
  readonly rho: number;
  readonly pairs: number;
  /** Pairs left out because a word of theirs has no vector. */
  readonly notFound: number;
}

/** How well cosines of vectors agree with people's judgements, as on WordSimilarity-353 (Finkelstein et al. 2002). */
export function evaluateSimilarity(source: VectorSource, pairs: readonly JudgedPair[]): SimilarityReport {
  const cosines: number[] = [];
  const judgements: number[] = [];
  for (const { first, second, judgement } of pairs) {
    const [left, right] = [vectorOf(source, first), vectorOf(source, second)];
    if (left === undefined || right === undefined) continue;
    cosines.push(cosine(left, right));
    judgements.push(judgement);
  }
  const rho = spearmanCorrelation(cosines, judgements);
  return { rho, pairs: pairs.length, notFound: pairs.length - cosines.length };
}

function vectorOf(source: VectorSource, word: string): Float32Array | undefined {
  const bytes = Buffer.from(word);
  const rows = rowsOfWord(source.vocabulary, bytes, findWord(source, bytes));
  return rows.length === 0 ? undefined : wordVector(source, bytes);
}
