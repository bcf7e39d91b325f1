import type { Lexicon, NgramLengths } from "./lexicon.ts";
import { CHARACTERS } from "./vocabulary.ts";

/** N-grams without a vocabulary: each goes to the feature that its hash names, those of characters to a second set of as many. */
export class HashedLexicon implements Lexicon {
  readonly lengths: NgramLengths;
  readonly buckets: number;
  /** Of each feature. */
  readonly kinds: Uint8Array;

  constructor(lengths: NgramLengths, buckets: number) {
    this.lengths = lengths;
    this.buckets = buckets;
    this.kinds = new Uint8Array(lengths.maxChar > 0 ? buckets * 2 : buckets).fill(1);
    this.kinds.fill(CHARACTERS + 1, buckets);
  }

  get size(): number {
    return this.kinds.length;
  }

  get byteLength(): number {
    return this.kinds.byteLength;
  }

  word(token: string): number {
    let hash = 0x811c9dc5;
    for (let index = 0; index < token.length; index++) hash = Math.imul(hash ^ token.charCodeAt(index), 0x01000193);
    return mixed(hash);
  }

  longer(state: number, word: number): number {
    return mixed(Math.imul(state, 0x2c1b3c6d) + word + 1);
  }

  feature(state: number): number {
    return state % this.buckets;
  }

  characters(token: string): number[] {
    const { minChar, maxChar } = this.lengths;
    const found: number[] = [];
    if (token.length < 2) return found;
    const padded = ` ${token} `;
    for (let start = 0; start < padded.length; start++) {
      let hash = 0x811c9dc5;
      const end = Math.min(start + maxChar, padded.length);
      for (let next = start; next < end; next++) {
        hash = Math.imul(hash ^ padded.charCodeAt(next), 0x01000193);
        if (next - start + 1 >= minChar) found.push(this.buckets + (mixed(hash) % this.buckets));
      }
    }
    return found;
  }
}

/** The last step of MurmurHash3, without the sign. */
function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 1;
}
