import type { SubwordTable, WordVectorTables } from "@rondo/kernels";
import { DataError } from "../../algorithm.ts";
import { Int32List } from "../int32-list.ts";
import { type CountedText, countLabels, countTokens, type TextChunks } from "./fasttext-corpus.ts";
import { type Dictionary, END_OF_LINE, pruneDictionary } from "./fasttext-dictionary.ts";
import type { Vocabulary } from "./fasttext-line.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { rowsOfWord } from "./word-vectors-model.ts";

/** fastText leaves tokens that start with this out of what it learns, in its modes without labels too. */
const LABEL_PREFIX = Buffer.from("__label__");
/** fastText goes on with a new line behind this many words and one. */
const LONGEST_LINE = 1024;
/** Slots of the table of negatives, as in fastText. */
const NEGATIVE_SLOTS = 10_000_000;

const { fround } = Math;

/** Lines of words, as the kernel takes them. */
export interface Sentences {
  readonly segments: readonly Int32Array[];
  /** Of one epoch, words that are left out included. */
  readonly tokens: number;
  /** Words of the longest line. */
  readonly longest: number;
}

export interface SentenceOptions {
  readonly minCount: number;
  readonly buckets: number;
  readonly minChar: number;
  readonly maxChar: number;
  /** Int32 of a segment: what a thread learns between two looks whether it should stop. */
  readonly segmentLength: number;
}

/** Reads the training text once, counts its words and encodes it. Throws DataError when no word is frequent enough. */
export async function readSentences(
  chunks: TextChunks,
  { minCount, buckets, minChar, maxChar, segmentLength }: SentenceOptions,
  signal?: AbortSignal,
): Promise<{ readonly vocabulary: Vocabulary; readonly sentences: Sentences }> {
  const text = await countTokens(chunks, LABEL_PREFIX, signal);
  const dictionary = pruneDictionary(text.all, LABEL_PREFIX, { word: minCount, label: 0 });
  const labels = countLabels(dictionary);
  const words = dictionary.size - labels;
  if (words === 0) throw new DataError(`No word of the training data appears ${minCount} times or more.`);
  const { tokens } = text;
  const vocabulary = { dictionary, words, labels, tokens, wordNgrams: 1, buckets, minChar, maxChar };
  return { vocabulary, sentences: encodeSentences(text, vocabulary, new SegmentWriter(segmentLength)) };
}

/** The lines without rare words and labels: tokens counted, number of words, words. */
function encodeSentences(text: CountedText, { dictionary, words }: Vocabulary, writer: SegmentWriter): Sentences {
  const entryOf = mapEntries(text.all, dictionary);
  const endOfLine = dictionary.findWord(END_OF_LINE);
  const line = new Int32List();
  let [known, longest] = [0, 0];
  const flush = (): void => {
    if (known === 0) return;
    const offset = writer.reserve(2 + line.length);
    writer.current[offset] = known;
    writer.current[offset + 1] = line.length;
    writer.current.set(line.values.subarray(0, line.length), offset + 2);
    longest = Math.max(longest, line.length);
    [known, line.length] = [0, 0];
  };
  for (const [index, segment] of text.lines.entries()) {
    for (let position = 0; position < segment.length; ) {
      const end = position + 1 + segment[position];
      while (++position < end) {
        const entry = entryOf[segment[position]];
        if (entry < 0) continue;
        known++;
        if (entry < words) line.push(entry);
        if (known > LONGEST_LINE || entry === endOfLine) flush();
      }
    }
    text.lines[index] = new Int32Array(0);
  }
  flush();
  return { segments: writer.finish(), tokens: text.tokens, longest };
}

/** For each entry of one dictionary its number in another, or -1. */
function mapEntries(from: Dictionary, to: Dictionary): Int32Array {
  return Int32Array.from({ length: from.size }, (_, entry) => {
    const word = from.word(entry);
    return to.find(word, 0, word.length, from.hash(entry));
  });
}

/**
 * What the kernel needs to know of the words: how often each is kept (Mikolov et al. 2013, as fastText has it:
 * √(t ÷ f) + t ÷ f), how often it is drawn as a negative (its count to `negativePower`), and its character n-grams.
 */
export function buildTables(
  vocabulary: Vocabulary,
  { samplingThreshold, negativePower }: { readonly samplingThreshold: number; readonly negativePower: number },
): WordVectorTables {
  const { dictionary, words, tokens, maxChar } = vocabulary;
  const keptShares = Float32Array.from({ length: words }, (_, word) => {
    const ratio = samplingThreshold / fround(fround(dictionary.count(word)) / fround(tokens));
    return Math.sqrt(ratio) + ratio;
  });
  const weights = Float32Array.from({ length: words }, (_, word) => dictionary.count(word) ** negativePower);
  let sum = 0;
  for (let word = 0; word < words; word++) sum = fround(sum + dictionary.count(word) ** negativePower);
  const negativeStarts = new Int32Array(words + 1);
  for (const [word, weight] of weights.entries()) {
    const slots = Math.ceil(fround(fround(weight * NEGATIVE_SLOTS) / sum));
    negativeStarts[word + 1] = negativeStarts[word] + slots;
  }
  return { keptShares, negativeStarts, subwords: maxChar > 0 ? listSubwords(vocabulary) : undefined };
}

function listSubwords(vocabulary: Vocabulary): SubwordTable {
  const { dictionary, words } = vocabulary;
  const starts = new Int32Array(words + 1);
  const spreads = new Float32Array(words);
  const all = new Int32List();
  for (let word = 0; word < words; word++) {
    const rows = rowsOfWord(vocabulary, dictionary.word(word), word);
    const times = new Map<number, number>();
    for (let index = 0; index < rows.length; index++) {
      const row = rows.values[index];
      all.push(row);
      times.set(row, (times.get(row) ?? 0) + 1);
    }
    let squares = 0;
    for (const count of times.values()) squares += count ** 2;
    spreads[word] = squares / rows.length;
    starts[word + 1] = all.length;
  }
  return { starts, rows: all.values.slice(0, all.length), spreads };
}

/** Rows of the largest context: two windows of the words with the most character n-grams. */
export function largestContext({ subwords }: WordVectorTables, window: number): number {
  let most = 1;
  for (let word = 1; word < (subwords?.starts.length ?? 0); word++) {
    most = Math.max(most, (subwords?.starts[word] ?? 0) - (subwords?.starts[word - 1] ?? 0));
  }
  return most * 2 * window;
}
