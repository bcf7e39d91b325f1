const EMPTY = 0;
/** Int32 of an entry: prefix, symbol, number + 1, and nothing, so that none crosses a cache line. */
const STRIDE = 4;

/**
 * The number of each n-gram, by the number of what comes before its last symbol and that symbol: a tree of prefixes in
 * one open-addressing hash table.
 */
export class NgramTable {
  #entries: Int32Array;
  #mask: number;
  #size = 0;

  constructor(expected = 0) {
    let capacity = 1024;
    while (capacity * 0.7 < expected) capacity *= 2;
    this.#entries = new Int32Array(capacity * STRIDE);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  get byteLength(): number {
    return this.#entries.byteLength;
  }

  /** −1 when there is none. */
  find(prefix: number, symbol: number): number {
    const at = this.#locate(prefix, symbol);
    return this.#entries[at + 2] - 1;
  }

  /** The number that the n-gram has, or else `number`, which it then gets. */
  findOrAdd(prefix: number, symbol: number, number: number): number {
    const at = this.#locate(prefix, symbol);
    const found = this.#entries[at + 2];
    if (found !== EMPTY) return found - 1;
    this.#entries[at] = prefix;
    this.#entries[at + 1] = symbol;
    this.#entries[at + 2] = number + 1;
    this.#size++;
    if (this.#size > this.#mask * 0.7) this.#grow();
    return number;
  }

  /** Every n-gram, in no particular order. */
  each(visit: (prefix: number, symbol: number, number: number) => void): void {
    const entries = this.#entries;
    for (let at = 0; at < entries.length; at += STRIDE) {
      if (entries[at + 2] !== EMPTY) visit(entries[at], entries[at + 1], entries[at + 2] - 1);
    }
  }

  #locate(prefix: number, symbol: number): number {
    const entries = this.#entries;
    const mask = this.#mask;
    let hash = Math.imul(prefix, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca77);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 13;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * STRIDE;
      if (entries[at + 2] === EMPTY || (entries[at] === prefix && entries[at + 1] === symbol)) return at;
    }
  }

  #grow(): void {
    const before = this.#entries;
    this.#entries = new Int32Array(before.length * 2);
    this.#mask = this.#entries.length / STRIDE - 1;
    for (let at = 0; at < before.length; at += STRIDE) {
      if (before[at + 2] === EMPTY) continue;
      const to = this.#locate(before[at], before[at + 1]);
      this.#entries[to] = before[at];
      this.#entries[to + 1] = before[at + 1];
      this.#entries[to + 2] = before[at + 2];
    }
  }
}
