import type { Lexicon, NgramLengths } from "./lexicon.ts";
import { NgramTable } from "./ngram-table.ts";

/** A feature's kind: how many words it has, or CHARACTERS and more: how many characters beyond that. */
export const CHARACTERS = 64;

/** Prefix of the first character of a word. */
export const NOTHING = -1;

/** N-grams with a number each, which grow with the texts that are read; or, frozen, those of a model. */
export class Vocabulary implements Lexicon {
  readonly lengths: NgramLengths;
  readonly words = new Map<string, number>();
  readonly table: NgramTable;
  /** Of each n-gram. */
  kinds: Uint8Array;
  #size = 0;
  #isFrozen = false;

  constructor(lengths: NgramLengths, expectedSize = 1024) {
    this.lengths = lengths;
    this.table = new NgramTable(expectedSize);
    this.kinds = new Uint8Array(expectedSize);
  }

  get size(): number {
    return this.#size;
  }

  /** From now on nothing is added. */
  freeze(): void {
    this.#isFrozen = true;
  }

  get byteLength(): number {
    // A word's text and its place in the map take some 80 bytes.
    return this.table.byteLength + this.kinds.byteLength + this.words.size * 80;
  }

  word(token: string): number {
    const known = this.words.get(token);
    if (known !== undefined) return known;
    return this.#isFrozen ? -1 : this.addWord(token);
  }

  addWord(token: string): number {
    const number = this.#take(1);
    this.words.set(token, number);
    return number;
  }

  longer(prefix: number, symbol: number): number {
    if (this.#isFrozen) return this.table.find(prefix, symbol);
    const number = this.table.findOrAdd(prefix, symbol, this.#size);
    if (number === this.#size) this.#take(prefix === NOTHING ? CHARACTERS + 1 : this.kinds[prefix] + 1);
    return number;
  }

  feature(state: number): number {
    return state;
  }

  characters(token: string): number[] {
    const { minChar, maxChar } = this.lengths;
    const found: number[] = [];
    if (token.length < 2) return found;
    const padded = ` ${token} `;
    for (let start = 0; start < padded.length; start++) {
      const end = Math.min(start + maxChar, padded.length);
      let state = NOTHING;
      for (let next = start; next < end; next++) {
        state = this.longer(state, padded.charCodeAt(next));
        if (state < 0) break;
        if (next - start + 1 >= minChar) found.push(state);
      }
    }
    return found;
  }

  /** Prefix and last symbol of each n-gram that is no single word. */
  parts(): { readonly prefixes: Int32Array; readonly symbols: Int32Array } {
    const prefixes = new Int32Array(this.#size);
    const symbols = new Int32Array(this.#size);
    this.table.each((prefix, symbol, number) => {
      prefixes[number] = prefix;
      symbols[number] = symbol;
    });
    return { prefixes, symbols };
  }

  #take(kind: number): number {
    if (this.#size === this.kinds.length) {
      const kinds = new Uint8Array(this.#size * 2);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    this.kinds[this.#size] = kind;
    return this.#size++;
  }
}
