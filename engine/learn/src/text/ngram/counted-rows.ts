/** More occurrences in one text than that are counted as that many. */
const MOST_OCCURRENCES = 65_535;

/** How often each n-gram is in each text: compressed rows that grow. Within a row n-grams have the order of their first appearance. */
export class CountedRows {
  /** Of row i the entries `rowStarts[i]` to `rowStarts[i + 1]`. */
  readonly rowStarts: number[] = [0];
  ngrams = new Int32Array(1024);
  counts = new Uint16Array(1024);
  #length = 0;
  #rowStart = 0;
  /** Where each n-gram was seen last. */
  #seenAt = new Int32Array(1024);

  /** Rows that were ended. */
  get rows(): number {
    return this.rowStarts.length - 1;
  }

  get entries(): number {
    return this.#length;
  }

  get byteLength(): number {
    return this.ngrams.byteLength + this.counts.byteLength + this.#seenAt.byteLength;
  }

  add(ngram: number): void {
    if (ngram >= this.#seenAt.length) this.#seenAt = grown(this.#seenAt, ngram + 1);
    const seenAt = this.#seenAt[ngram];
    if (seenAt >= this.#rowStart && seenAt < this.#length && this.ngrams[seenAt] === ngram) {
      if (this.counts[seenAt] < MOST_OCCURRENCES) this.counts[seenAt]++;
      return;
    }
    if (this.#length === this.ngrams.length) {
      this.ngrams = grown(this.ngrams, this.#length + 1);
      this.counts = grown(this.counts, this.#length + 1);
    }
    this.#seenAt[ngram] = this.#length;
    this.ngrams[this.#length] = ngram;
    this.counts[this.#length++] = 1;
  }

  endRow(): void {
    this.#rowStart = this.#length;
    this.rowStarts.push(this.#length);
  }

  /** Forgets all rows, but not the room that they took. */
  clear(): void {
    this.rowStarts.length = 1;
    this.#rowStart = 0;
    this.#length = 0;
  }
}

function grown<Numbers extends Int32Array | Uint16Array>(numbers: Numbers, least: number): Numbers {
  const copy = new (numbers.constructor as new (length: number) => Numbers)(Math.max(least, numbers.length * 2));
  copy.set(numbers);
  return copy;
}
