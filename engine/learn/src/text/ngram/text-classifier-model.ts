import type { Calibration } from "./calibration.ts";
import { CountedRows } from "./counted-rows.ts";
import type { HashedLexicon } from "./hashed-lexicon.ts";
import { eachNgram } from "./lexicon.ts";
import type { Thresholds } from "./thresholds.ts";
import { tokenize } from "./tokenizer.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { featureWeights, type Weighting, writeRow } from "./weighting.ts";

/** What a trained classifier is, without what is derived from it. */
export interface TextClassifierParts {
  readonly task: "single-label" | "multi-label";
  /** Names, sorted. */
  readonly labels: readonly string[];
  readonly lexicon: Vocabulary | HashedLexicon;
  readonly weighting: Weighting;
  /** Texts that were learned from, and in how many of them each n-gram was. */
  readonly texts: number;
  readonly frequencies: Uint32Array;
  /** Feature after feature, `outputs` each: 1 where two labels exclude each other, else one per label. */
  readonly weights: Float32Array;
  readonly biases: Float64Array;
  readonly calibration: Calibration;
  /** Of several labels. */
  readonly thresholds: Thresholds;
  /** Which of the thresholds say what labels a text gets. */
  readonly operatingPoint: "common" | "per-label";
  readonly weightBits: "32" | "16";
}

export interface TextClassifierModel extends TextClassifierParts {
  readonly outputs: number;
  /** What each n-gram's count is multiplied by. */
  readonly featureWeights: Float32Array;
  readonly reader: TextReader;
  /** Bytes held, roughly. */
  readonly byteLength: number;
}

/** Scores are whole multiples of this, so that the parts of an explanation can sum to them exactly. */
export const SCORE_UNIT = 2 ** -40;

export function createModel(parts: TextClassifierParts): TextClassifierModel {
  const { lexicon, weighting, texts, frequencies, weights, biases } = parts;
  const ofFeatures = featureWeights(frequencies, texts, lexicon.kinds, weighting);
  return {
    ...parts,
    outputs: biases.length,
    featureWeights: ofFeatures,
    reader: new TextReader(parts, ofFeatures),
    byteLength: weights.byteLength + frequencies.byteLength + ofFeatures.byteLength * 2 + lexicon.byteLength,
  };
}

/** Reads texts into the values of features, in memory that the next text takes again. */
export class TextReader {
  indexes = new Uint32Array(1024);
  values = new Float32Array(1024);
  length = 0;
  readonly #rows = new CountedRows();
  readonly #parts: Pick<TextClassifierParts, "lexicon" | "weighting">;
  readonly #weights: Float32Array;

  constructor(parts: Pick<TextClassifierParts, "lexicon" | "weighting">, weights: Float32Array) {
    this.#parts = parts;
    this.#weights = weights;
  }

  /** Fills `indexes` and `values` up to `length`. */
  read(tokens: readonly string[]): void {
    const { lexicon, weighting } = this.#parts;
    const rows = this.#rows;
    rows.clear();
    eachNgram(tokens, lexicon, (feature) => rows.add(feature));
    rows.endRow();
    if (rows.entries > this.indexes.length) {
      this.indexes = new Uint32Array(rows.entries * 2);
      this.values = new Float32Array(rows.entries * 2);
    }
    this.length = writeRow(rows, 0, { weights: this.#weights, kinds: lexicon.kinds, weighting }, this);
  }
}

/** The score of each output; above 0 speaks for the label (of two, for the second). */
export function scoreText(model: TextClassifierModel, text: string): Float64Array {
  const { reader, outputs, weights } = model;
  reader.read(tokenize(text));
  const scores = Float64Array.from(model.biases);
  const { indexes, values, length } = reader;
  for (let entry = 0; entry < length; entry++) {
    const first = indexes[entry] * outputs;
    const value = values[entry];
    for (let output = 0; output < outputs; output++) scores[output] += value * weights[first + output];
  }
  return scores.map((score) => Math.round(score / SCORE_UNIT) * SCORE_UNIT);
}
