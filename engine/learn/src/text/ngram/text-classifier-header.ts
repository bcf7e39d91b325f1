import { FormatError } from "../../algorithm.ts";
import { HashedLexicon } from "./hashed-lexicon.ts";
import type { NgramLengths } from "./lexicon.ts";
import type { TextClassifierModel, TextClassifierParts } from "./text-classifier-model.ts";
import { TOKENIZER_VERSION } from "./tokenizer.ts";

/** The JSON in front of a model's numbers. */
export interface FileHeader
  extends Pick<TextClassifierParts, "task" | "labels" | "weighting" | "texts" | "operatingPoint" | "weightBits"> {
  readonly tokenizer: number;
  readonly lengths: NgramLengths;
  /** 0 = a vocabulary. */
  readonly buckets: number;
  readonly words: number;
  readonly features: number;
  readonly biases: readonly number[];
  readonly calibration: { readonly slopes: readonly number[]; readonly intercepts: readonly number[] };
  readonly thresholds: { readonly common: number; readonly perLabel: readonly number[] };
}

/** JSON has no infinity; no score is as large as this. */
const BEYOND_EVERY_SCORE = 1e300;

export function headerOf(model: TextClassifierModel): FileHeader {
  const { task, labels, lexicon, weighting, texts, operatingPoint, weightBits } = model;
  const isHashed = lexicon instanceof HashedLexicon;
  return {
    tokenizer: TOKENIZER_VERSION,
    task,
    labels,
    lengths: lexicon.lengths,
    weighting,
    texts,
    buckets: isHashed ? lexicon.buckets : 0,
    words: isHashed ? 0 : lexicon.words.size,
    features: lexicon.size,
    biases: [...model.biases],
    calibration: { slopes: [...model.calibration.slopes], intercepts: [...model.calibration.intercepts] },
    thresholds: {
      common: Math.min(model.thresholds.common, BEYOND_EVERY_SCORE),
      perLabel: [...model.thresholds.perLabel].map((threshold) => Math.min(threshold, BEYOND_EVERY_SCORE)),
    },
    operatingPoint,
    weightBits,
  };
}

/** Throws FormatError where a value is missing or cannot be. */
export function readHeader(text: string): FileHeader {
  let header: FileHeader;
  try {
    // Checked below, value by value.
    header = JSON.parse(text) as FileHeader;
  } catch (error) {
    throw new FormatError("The header of the model file is damaged.", { cause: error });
  }
  if (!isHeader(header)) throw new FormatError("The header of the model file is damaged.");
  return header;
}

function isHeader(header: FileHeader): boolean {
  const { labels, lengths, weighting, biases, calibration, thresholds } = header ?? {};
  const isCount = (value: unknown, most = 2 ** 31): boolean =>
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
  const areNumbers = (values: unknown): values is number[] =>
    Array.isArray(values) && values.length > 0 && values.every(Number.isFinite);
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === "string") || !areNumbers(biases))
    return false;
  const fitsLabels = biases.length === labels.length || (biases.length === 1 && labels.length === 2);
  const isPerOutput = (values: unknown): boolean => areNumbers(values) && values.length === biases.length;
  const isWeighting =
    isCount(weighting?.wordNgrams, 63) &&
    isCount(weighting.maxChar, 63) &&
    isCount(weighting.minDocumentFrequency) &&
    ["sublinear", "binary"].includes(weighting.termFrequency) &&
    typeof weighting.inverseDocumentFrequency === "boolean" &&
    Number.isFinite(weighting.characterShare);
  return (
    fitsLabels &&
    isWeighting &&
    ["single-label", "multi-label"].includes(header.task) &&
    ["common", "per-label"].includes(header.operatingPoint) &&
    ["32", "16"].includes(header.weightBits) &&
    [lengths?.wordNgrams, lengths?.minChar, lengths?.maxChar].every((length) => isCount(length, 63)) &&
    [header.tokenizer, header.texts, header.buckets, header.words, header.features].every((count) => isCount(count)) &&
    header.words <= header.features &&
    isPerOutput(calibration?.slopes) &&
    isPerOutput(calibration?.intercepts) &&
    Number.isFinite(thresholds?.common) &&
    isPerOutput(thresholds.perLabel)
  );
}
