import { DataError } from "../../algorithm.ts";

/** fastText's word for the end of a line. */
export const END_OF_LINE = Buffer.from("</s>");

/** As in fastText: beyond this its table would be three quarters full. */
const MAXIMUM_ENTRIES = 22_500_000;

/**
 * fastText's word table: open addressing over typed arrays, so that looking up a word of a text that lies in a buffer
 * makes no string. Entries are numbered in the order in which they were added.
 */
export class Dictionary {
  /** Length of the entries' list. */
  size = 0;
  readonly labelPrefix: Uint8Array;
  #slots = new Int32Array(1 << 12).fill(-1);
  #hashes = new Int32Array(1 << 11);
  #starts = new Float64Array((1 << 11) + 1);
  #counts = new Float64Array(1 << 11);
  #bytes = new Uint8Array(1 << 15);

  constructor(labelPrefix: Uint8Array) {
    this.labelPrefix = labelPrefix;
  }

  /** The number of the word in bytes `start` … `end`, or -1. `hash` is `hashBytes` of them. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    return this.#slots[this.#findSlot(bytes, start, end, hash)];
  }

  /** The same for a whole word. */
  findWord(word: Uint8Array): number {
    return this.find(word, 0, word.length, hashBytes(word, 0, word.length));
  }

  /** Counts the word once more, adding it when it is new; returns its number. */
  add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slot = this.#findSlot(bytes, start, end, hash);
    let entry = this.#slots[slot];
    if (entry < 0) {
      entry = this.#append(bytes, start, end, hash);
      this.#slots[slot] = entry;
      if (this.size * 2 > this.#slots.length) this.#rehash();
    }
    this.#counts[entry]++;
    return entry;
  }

  /** Adds a word with its count; a word that is there already keeps its number and gets the new count. */
  set(word: Uint8Array, count: number): void {
    const entry = this.add(word, 0, word.length, hashBytes(word, 0, word.length));
    this.#counts[entry] = count;
  }

  count(entry: number): number {
    return this.#counts[entry];
  }

  hash(entry: number): number {
    return this.#hashes[entry];
  }

  /** A view of the entry's bytes. */
  word(entry: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[entry], this.#starts[entry + 1]);
  }

  isLabel(entry: number): boolean {
    return this.hasLabelPrefix(this.#bytes, this.#starts[entry], this.#starts[entry + 1]);
  }

  hasLabelPrefix(bytes: Uint8Array, start: number, end: number): boolean {
    const prefix = this.labelPrefix;
    if (end - start < prefix.length) return false;
    for (let index = 0; index < prefix.length; index++) if (bytes[start + index] !== prefix[index]) return false;
    return true;
  }

  #findSlot(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = this.#slots[slot];
      if (entry < 0 || (this.#hashes[entry] === hash && this.#equals(entry, bytes, start, end))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#starts[entry];
    if (this.#starts[entry + 1] - own !== end - start) return false;
    for (let index = start; index < end; index++) {
      if (this.#bytes[own + index - start] !== bytes[index]) return false;
    }
    return true;
  }

  #append(bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (this.size === MAXIMUM_ENTRIES)
      throw new DataError(`The text has more than ${MAXIMUM_ENTRIES} different words.`);
    const entry = this.size++;
    if (entry === this.#hashes.length) {
      this.#hashes = grow(this.#hashes, new Int32Array(entry * 2));
      this.#counts = grow(this.#counts, new Float64Array(entry * 2));
      this.#starts = grow(this.#starts, new Float64Array(entry * 2 + 1));
    }
    const from = this.#starts[entry];
    const to = from + end - start;
    if (to > this.#bytes.length) this.#bytes = grow(this.#bytes, new Uint8Array(Math.max(to, this.#bytes.length * 2)));
    for (let index = start; index < end; index++) this.#bytes[from + index - start] = bytes[index];
    this.#starts[entry + 1] = to;
    this.#hashes[entry] = hash;
    return entry;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      let slot = this.#hashes[entry] & mask;
      while (this.#slots[slot] >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
    }
  }
}

function grow<Values extends { set(from: Values): void }>(values: Values, larger: Values): Values {
  larger.set(values);
  return larger;
}

/** FNV-1a over signed characters, as fastText hashes: int32. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 2_166_136_261 | 0;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ ((bytes[index] << 24) >> 24), 16_777_619);
  return hash;
}

/**
 * The dictionary that is kept: words by falling count, then labels by falling count, without those seen less often than
 * asked. Equal counts stay in the order of their first appearance (std::sort leaves that open, so row numbers may
 * differ from fastText's there).
 */
export function pruneDictionary(
  dictionary: Dictionary,
  labelPrefix: Uint8Array,
  minimum: { readonly word: number; readonly label: number },
): Dictionary {
  const kept = Array.from({ length: dictionary.size }, (_, entry) => entry).filter(
    (entry) => dictionary.count(entry) >= (dictionary.isLabel(entry) ? minimum.label : minimum.word),
  );
  const order = kept.toSorted(
    (a, b) =>
      Number(dictionary.isLabel(a)) - Number(dictionary.isLabel(b)) ||
      dictionary.count(b) - dictionary.count(a) ||
      a - b,
  );
  const pruned = new Dictionary(labelPrefix);
  for (const entry of order) pruned.set(dictionary.word(entry), dictionary.count(entry));
  return pruned;
}
