import { type VectorSource, wordsWithVectors } from "./word-vectors-model.ts";

export interface NearWord {
  readonly word: string;
  /** Cosine, from −1 to 1. */
  readonly similarity: number;
}

/** Cosine of the angle between two vectors; 0 when one of them is zero. */
export function cosine(left: Float32Array, right: Float32Array): number {
  let [product, lengthOfLeft, lengthOfRight] = [0, 0, 0];
  for (let column = 0; column < left.length; column++) {
    product += left[column] * right[column];
    lengthOfLeft += left[column] ** 2;
    lengthOfRight += right[column] ** 2;
  }
  return lengthOfLeft === 0 || lengthOfRight === 0 ? 0 : product / Math.sqrt(lengthOfLeft * lengthOfRight);
}

/**
 * The `k` words nearest to a vector, nearest first, without those in `except`: neighbours of a word, or, of the vector
 * king − man + woman, the answer to an analogy (Mikolov et al. 2013).
 */
export function nearestWords(
  source: VectorSource,
  vector: Float32Array,
  { k, except = [] }: { readonly k: number; readonly except?: readonly string[] },
): NearWord[] {
  const left = new Set(except);
  const near: NearWord[] = [];
  for (const [bytes, other] of wordsWithVectors(source)) {
    const similarity = cosine(vector, other);
    if (near.length === k && similarity <= near[k - 1].similarity) continue;
    const word = Buffer.from(bytes).toString();
    if (left.has(word)) continue;
    const place = near.findIndex((found) => found.similarity < similarity);
    near.splice(place < 0 ? near.length : place, 0, { word, similarity });
    near.length = Math.min(near.length, k);
  }
  return near;
}
