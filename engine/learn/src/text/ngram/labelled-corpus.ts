import { setImmediate } from "node:timers/promises";
import { DataError } from "../../algorithm.ts";
import { CountedRows } from "./counted-rows.ts";
import { eachNgram, type Lexicon } from "./lexicon.ts";
import { tokenize } from "./tokenizer.ts";

/** A text and what it is: one label, several, or none. */
export interface LabelledText {
  readonly text: string;
  readonly labels: readonly string[];
}

/** Texts as counts of n-grams, with their labels. */
export interface LabelledCorpus {
  readonly rows: CountedRows;
  /** Names, sorted. */
  readonly labels: readonly string[];
  /** Numbers of the labels of row i: `labelNumbers[labelStarts[i]]` to `labelNumbers[labelStarts[i + 1] − 1]`. */
  readonly labelStarts: Int32Array;
  readonly labelNumbers: Int32Array;
  /** Rows of the same tokens have the same number; numbers in the order of first appearance. */
  readonly groups: Int32Array;
  readonly groupCount: number;
  readonly tokens: number;
}

/** So many labels would be one model each; more are a mistake in the data. */
const MOST_LABELS = 10_000;
const TEXTS_PER_SLICE = 256;

/**
 * Reads the texts once. Ends early, with what was read, when `stop` is aborted; throws the reason of `signal`. Throws
 * DataError where there is no text or no label.
 */
export async function readCorpus(
  texts: Iterable<LabelledText> | AsyncIterable<LabelledText>,
  lexicon: Lexicon,
  { signal, stop, onTexts }: { signal?: AbortSignal; stop?: AbortSignal; onTexts?: (texts: number) => void },
): Promise<LabelledCorpus> {
  const rows = new CountedRows();
  const names = new Map<string, number>();
  const labelStarts = [0];
  const labelNumbers: number[] = [];
  const groups: number[] = [];
  const groupOf = new Map<string, number>();
  let tokenCount = 0;
  for await (const { text, labels } of texts) {
    const tokens = tokenize(text);
    tokenCount += tokens.length;
    eachNgram(tokens, lexicon, (feature) => rows.add(feature));
    rows.endRow();
    groups.push(numberOf(hashOf(tokens), groupOf));
    for (const label of new Set(labels)) labelNumbers.push(numberOf(label, names));
    labelStarts.push(labelNumbers.length);
    if (names.size > MOST_LABELS) throw new DataError(`The training data has more than ${MOST_LABELS} labels.`);
    if (rows.rows % TEXTS_PER_SLICE > 0) continue;
    onTexts?.(rows.rows);
    await setImmediate();
    signal?.throwIfAborted();
    if (stop?.aborted) break;
  }
  if (rows.rows === 0) throw new DataError("The training data is empty.");
  if (names.size === 0) throw new DataError("No text of the training data has a label.");
  const labels = [...names.keys()].sort();
  const sorted = new Map(labels.map((label, number) => [label, number]));
  const renumbered = Int32Array.from(names.keys(), (name) => sorted.get(name) ?? 0);
  return {
    rows,
    labels,
    labelStarts: Int32Array.from(labelStarts),
    labelNumbers: Int32Array.from(labelNumbers, (number) => renumbered[number]),
    groups: Int32Array.from(groups),
    groupCount: groupOf.size,
    tokens: tokenCount,
  };
}

function numberOf(key: string, numbers: Map<string, number>): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/** FNV-1a twice, with different starts: some 64 bits, so that different texts hardly ever share a group. */
function hashOf(tokens: readonly string[]): string {
  let one = 0x811c9dc5;
  let other = 0x2545f491;
  for (const token of tokens) {
    for (let index = 0; index < token.length; index++) {
      const code = token.charCodeAt(index);
      one = Math.imul(one ^ code, 0x01000193);
      other = Math.imul(other ^ code, 0x5bd1e995);
      other ^= other >>> 15;
    }
    one = Math.imul(one ^ 0x20, 0x01000193);
    other = Math.imul(other ^ 0x20, 0x5bd1e995);
  }
  return `${one}:${other}`;
}

/** Whether each row has the label: 1 or −1. */
export function signsOf({ labelStarts, labelNumbers }: LabelledCorpus, label: number): Int8Array {
  const signs = new Int8Array(labelStarts.length - 1).fill(-1);
  for (let row = 0; row < signs.length; row++) {
    for (let at = labelStarts[row]; at < labelStarts[row + 1]; at++) if (labelNumbers[at] === label) signs[row] = 1;
  }
  return signs;
}
