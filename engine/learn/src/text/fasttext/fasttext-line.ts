import { Int32List } from "../int32-list.ts";
import { type Dictionary, END_OF_LINE, hashBytes } from "./fasttext-dictionary.ts";

/** A finished dictionary and how texts become rows by it. */
export interface Vocabulary {
  /** Words first, then labels. */
  readonly dictionary: Dictionary;
  readonly words: number;
  readonly labels: number;
  /** Of the training text, `</s>` and labels included. */
  readonly tokens: number;
  readonly wordNgrams: number;
  readonly buckets: number;
  /** Of a pruned model: for each bucket, 1 + its row behind those of the words, or 0 when it was left out. */
  readonly bucketRows?: Int32Array;
  /** Character n-grams of these lengths; none when maxChar is 0. */
  readonly minChar: number;
  readonly maxChar: number;
}

/** One line as the kernel takes it. */
export class FastTextLine {
  tokens = 0;
  readonly labels = new Int32List();
  readonly rows = new Int32List();
  readonly hashes = new Int32List();

  clear(): void {
    this.tokens = 0;
    this.labels.length = 0;
    this.rows.length = 0;
    this.hashes.length = 0;
  }

  /** Length of the record in int32. */
  get recordLength(): number {
    return 4 + this.labels.length + this.rows.length + this.hashes.length;
  }

  /** Writes the record of `EmbeddingBagKernel` at `offset`. */
  writeRecord(target: Int32Array, offset: number): void {
    target[offset] = this.tokens;
    let next = offset + 4;
    for (const [index, list] of [this.labels, this.rows, this.hashes].entries()) {
      target[offset + 1 + index] = list.length;
      for (let position = 0; position < list.length; position++) target[next++] = list.values[position];
    }
  }
}

export interface TokenVisitor {
  token(bytes: Uint8Array, start: number, end: number, hash: number): void;
}

const END_OF_LINE_HASH = hashBytes(END_OF_LINE, 0, END_OF_LINE.length);
const NEWLINE = 0x0a;
const WHITE_SPACE = new Uint8Array(256);
for (const code of [0x00, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) WHITE_SPACE[code] = 1;

/**
 * Calls the visitor for each token of the line at `start`, and for `</s>` at its newline; returns where the next line
 * starts. fastText's tokens: runs of bytes between white space.
 */
export function visitLine(bytes: Uint8Array, start: number, end: number, visitor: TokenVisitor): number {
  let position = start;
  while (position < end) {
    const byte = bytes[position];
    if (byte === NEWLINE) {
      visitEndOfLine(visitor);
      return position + 1;
    }
    position = WHITE_SPACE[byte] === 1 ? position + 1 : visitToken(bytes, position, end, visitor);
  }
  return position;
}

/** The same for a text to be judged: newlines are white space, and `</s>` follows at the end. */
export function visitText(bytes: Uint8Array, end: number, visitor: TokenVisitor): void {
  let position = 0;
  while (position < end) {
    position = WHITE_SPACE[bytes[position]] === 1 ? position + 1 : visitToken(bytes, position, end, visitor);
  }
  visitEndOfLine(visitor);
}

function visitToken(bytes: Uint8Array, start: number, end: number, visitor: TokenVisitor): number {
  let hash = 2_166_136_261 | 0;
  let position = start;
  for (; position < end; position++) {
    const byte = bytes[position];
    if (WHITE_SPACE[byte] === 1) break;
    hash = Math.imul(hash ^ ((byte << 24) >> 24), 16_777_619);
  }
  visitor.token(bytes, start, position, hash);
  return position;
}

function visitEndOfLine(visitor: TokenVisitor): void {
  visitor.token(END_OF_LINE, 0, END_OF_LINE.length, END_OF_LINE_HASH);
}

/** Collects a line's tokens by a finished dictionary, as fastText's getLine. */
export function createLineReader(vocabulary: Vocabulary): TokenVisitor & { readonly line: FastTextLine } {
  const { dictionary, words, wordNgrams, maxChar } = vocabulary;
  const line = new FastTextLine();
  return {
    line,
    token(bytes, start, end, hash) {
      line.tokens++;
      const entry = dictionary.find(bytes, start, end, hash);
      if (entry >= words) {
        line.labels.push(entry - words);
        return;
      }
      if (entry < 0 && dictionary.hasLabelPrefix(bytes, start, end)) return;
      if (entry >= 0) line.rows.push(entry);
      if (maxChar > 0 && hash !== END_OF_LINE_HASH)
        pushCharacterNgrams(vocabulary, bytes.subarray(start, end), line.rows);
      if (wordNgrams > 1) line.hashes.push(hash);
    },
  };
}

/** The rows of a word's character n-grams (Bojanowski et al. 2017), with `<` and `>` at its ends. */
export function pushCharacterNgrams(vocabulary: Vocabulary, word: Uint8Array, rows: Int32List): void {
  const { words, buckets, bucketRows, minChar, maxChar } = vocabulary;
  const text = new Uint8Array(word.length + 2);
  text[0] = 0x3c;
  text.set(word, 1);
  text[text.length - 1] = 0x3e;
  for (let start = 0; start < text.length; start++) {
    if (isContinuation(text[start])) continue;
    let end = start;
    for (let length = 1; end < text.length && length <= maxChar; length++) {
      end++;
      while (end < text.length && isContinuation(text[end])) end++;
      const isMark = length === 1 && (start === 0 || end === text.length);
      if (length < minChar || isMark) continue;
      const bucket = (hashBytes(text, start, end) >>> 0) % buckets;
      const place = bucketRows === undefined ? bucket + 1 : bucketRows[bucket];
      if (place > 0) rows.push(words + place - 1);
    }
  }
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
