import { DataError } from "../../algorithm.ts";
import { Int32List } from "../int32-list.ts";
import { wholeLines } from "../whole-lines.ts";
import { Dictionary, hashBytes, pruneDictionary } from "./fasttext-dictionary.ts";
import { createLineReader, type FastTextLine, type Vocabulary, visitLine } from "./fasttext-line.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** Text as bytes in pieces of any length: one example a line, `__label__x` tokens anywhere in it. */
export type TextChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Lines as the kernel takes them, in shared memory so that each thread reads them. */
export interface Corpus {
  /** Records never cross from one segment to the next. */
  readonly segments: readonly Int32Array[];
  readonly tokens: number;
  /** Lines with at least one label token, also one that training never saw. */
  readonly examples: number;
  /** Rows of the longest line, word n-grams included. */
  readonly features: number;
}

export interface VocabularyOptions {
  readonly label: string;
  readonly minCount: number;
  readonly minCountLabel: number;
  readonly wordNgrams: number;
  readonly buckets: number;
  readonly minChar: number;
  readonly maxChar: number;
  /** Words that are kept however seldom they are: they have vectors already. */
  readonly known?: readonly Uint8Array[];
}

/**
 * Reads the training text once: counts its words, and keeps it as word numbers. Then the dictionary is pruned and
 * sorted, and the lines become records.
 */
export async function readTrainingText(
  chunks: TextChunks,
  options: VocabularyOptions,
  signal?: AbortSignal,
): Promise<{ readonly vocabulary: Vocabulary; readonly corpus: Corpus }> {
  const labelPrefix = Buffer.from(options.label);
  const { all, lines, tokens } = await countTokens(chunks, labelPrefix, signal);
  const minimum = { word: options.minCount, label: options.minCountLabel };
  const dictionary = withWords(pruneDictionary(all, labelPrefix, minimum), labelPrefix, options.known);
  const labels = countLabels(dictionary);
  const { wordNgrams, buckets, minChar, maxChar } = options;
  const words = dictionary.size - labels;
  const vocabulary = { dictionary, words, labels, tokens, wordNgrams, buckets, minChar, maxChar };
  if (labels === 0) throw new DataError(`No token of the training data starts with ${options.label}.`);
  return { vocabulary, corpus: encodeLines(lines, all, vocabulary) };
}

/** fastText counts each of them once more. */
function withWords(dictionary: Dictionary, labelPrefix: Uint8Array, words: readonly Uint8Array[] = []): Dictionary {
  if (words.length === 0) return dictionary;
  for (const word of words) dictionary.add(word, 0, word.length, hashBytes(word, 0, word.length));
  return pruneDictionary(dictionary, labelPrefix, { word: 0, label: 0 });
}

/** A text as it was read: numbers of the entries of `all`, each line led by its length. */
export interface CountedText {
  readonly all: Dictionary;
  readonly lines: Int32Array[];
  readonly tokens: number;
}

/** Counts the tokens of a text. Throws DataError when there is none. */
export async function countTokens(
  chunks: TextChunks,
  labelPrefix: Uint8Array,
  signal?: AbortSignal,
): Promise<CountedText> {
  const all = new Dictionary(labelPrefix);
  const lines = new SegmentWriter();
  const entries = new Int32List();
  const visitor = {
    token: (bytes: Uint8Array, start: number, end: number, hash: number) =>
      entries.push(all.add(bytes, start, end, hash)),
  };
  let tokens = 0;
  for await (const block of wholeLines(chunks)) {
    signal?.throwIfAborted();
    for (let position = 0; position < block.length; ) {
      entries.length = 0;
      position = visitLine(block, position, block.length, visitor);
      tokens += entries.length;
      const offset = lines.reserve(entries.length + 1);
      lines.current[offset] = entries.length;
      lines.current.set(entries.values.subarray(0, entries.length), offset + 1);
    }
  }
  if (tokens === 0) throw new DataError("The training data is empty.");
  return { all, lines: lines.finish(), tokens };
}

/** How many of the entries are labels; they come last. */
export function countLabels(dictionary: Dictionary): number {
  let labels = 0;
  while (labels < dictionary.size && dictionary.isLabel(dictionary.size - 1 - labels)) labels++;
  return labels;
}

/** Reads further text, for evaluation, by a finished dictionary. */
export async function readText(chunks: TextChunks, vocabulary: Vocabulary, signal?: AbortSignal): Promise<Corpus> {
  const reader = createLineReader(vocabulary);
  const builder = new CorpusBuilder(vocabulary);
  let labelled = false;
  const visitor = {
    token(bytes: Uint8Array, start: number, end: number, hash: number) {
      labelled ||= vocabulary.dictionary.hasLabelPrefix(bytes, start, end);
      reader.token(bytes, start, end, hash);
    },
  };
  for await (const block of wholeLines(chunks)) {
    signal?.throwIfAborted();
    for (let position = 0; position < block.length; ) {
      reader.line.clear();
      labelled = false;
      position = visitLine(block, position, block.length, visitor);
      builder.add(reader.line, labelled || reader.line.labels.length > 0);
    }
  }
  return builder.finish();
}

function encodeLines(lines: Int32Array[], all: Dictionary, vocabulary: Vocabulary): Corpus {
  const reader = createLineReader(vocabulary);
  const builder = new CorpusBuilder(vocabulary);
  for (const [index, segment] of lines.entries()) {
    for (let position = 0; position < segment.length; ) {
      reader.line.clear();
      const end = position + 1 + segment[position];
      let labelled = false;
      while (++position < end) {
        const word = all.word(segment[position]);
        labelled ||= all.isLabel(segment[position]);
        reader.token(word, 0, word.length, all.hash(segment[position]));
      }
      builder.add(reader.line, labelled);
    }
    lines[index] = new Int32Array(0);
  }
  return builder.finish();
}

class CorpusBuilder {
  readonly #writer = new SegmentWriter();
  readonly #wordNgrams: number;
  #tokens = 0;
  #examples = 0;
  #features = 0;

  constructor({ wordNgrams }: Vocabulary) {
    this.#wordNgrams = wordNgrams;
  }

  add(line: FastTextLine, labelled: boolean): void {
    const offset = this.#writer.reserve(line.recordLength);
    line.writeRecord(this.#writer.current, offset);
    this.#tokens += line.tokens;
    if (labelled) this.#examples++;
    this.#features = Math.max(this.#features, line.rows.length + line.hashes.length * (this.#wordNgrams - 1));
  }

  finish(): Corpus {
    const segments = this.#writer.finish();
    return { segments, tokens: this.#tokens, examples: this.#examples, features: this.#features };
  }
}
