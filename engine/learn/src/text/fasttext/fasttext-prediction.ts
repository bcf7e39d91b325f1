import { DataError } from "../../algorithm.ts";
import { createLineReader, type FastTextLine, type TokenVisitor, visitText } from "./fasttext-line.ts";
import { type FastTextModel, TEXT_CAPACITY } from "./fasttext-model.ts";

export interface TextPrediction {
  /** With its prefix: `__label__positive`. */
  readonly label: string;
  /**
   * As fastText reports it: the softmax (or sigmoid) plus 1e-5, since the program goes through log(p + 1e-5). A certain
   * label has 1.00001.
   */
  readonly probability: number;
}

/**
 * The labels of a text by falling probability: at most `k`, each with at least `threshold`; none when nothing is known
 * of the text.
 */
export function predictText(model: FastTextModel, text: Uint8Array, k: number, threshold: number): TextPrediction[] {
  return predictBytes(model, text, text.length, { k, threshold });
}

/** The same for the first `end` bytes of a buffer. */
export function predictBytes(
  model: FastTextModel,
  bytes: Uint8Array,
  end: number,
  { k, threshold }: { readonly k: number; readonly threshold: number },
): TextPrediction[] {
  const { reader, labels } = readerOf(model);
  const { line } = reader;
  line.clear();
  visitText(bytes, end, reader);
  checkCapacity(model, line);
  line.writeRecord(model.kernel.window, 0);
  if (model.kernel.score() === 0) return [];
  const { scores } = model.kernel;
  // The product of decisions that hierarchical softmax gives has the 1e-5 in it.
  const report = model.settings.loss === "hierarchical-softmax" ? Number : reportedProbability;
  const predictions: TextPrediction[] = [];
  for (const label of bestLabels(scores, k, threshold)) {
    predictions.push({ label: labels[label], probability: report(scores[label]) });
  }
  return predictions;
}

function reportedProbability(score: number): number {
  return Math.exp(Math.fround(Math.log(score + 1e-5)));
}

/** Label numbers by falling score. */
function bestLabels(scores: Float32Array, k: number, threshold: number): number[] {
  if (k === 1) {
    let best = 0;
    for (let label = 1; label < scores.length; label++) if (scores[label] > scores[best]) best = label;
    return scores[best] >= threshold ? [best] : [];
  }
  const order = Array.from(scores.keys()).filter((label) => scores[label] >= threshold);
  return order.sort((a, b) => scores[b] - scores[a]).slice(0, k);
}

function checkCapacity({ vocabulary, bag }: FastTextModel, line: FastTextLine): void {
  const features = line.rows.length + line.hashes.length * (vocabulary.wordNgrams - 1);
  const room = Math.min(TEXT_CAPACITY, (bag.layout.threads[0].hidden - bag.layout.threads[0].features) / 4);
  if (line.recordLength > TEXT_CAPACITY || features > room) {
    throw new DataError(`The text has ${features} words and n-grams, more than the ${room} that are read at once.`);
  }
}

interface ModelReader {
  readonly reader: TokenVisitor & { readonly line: FastTextLine };
  readonly labels: readonly string[];
}

/** What predicting needs of a model besides its plain data, made at the first prediction. */
const readers = new WeakMap<FastTextModel, ModelReader>();

function readerOf(model: FastTextModel): ModelReader {
  let known = readers.get(model);
  if (known === undefined) {
    const { dictionary, words, labels } = model.vocabulary;
    const names = Array.from({ length: labels }, (_, label) => Buffer.from(dictionary.word(words + label)).toString());
    known = { reader: createLineReader(model.vocabulary), labels: names };
    readers.set(model, known);
  }
  return known;
}
