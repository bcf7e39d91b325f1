import type { ParameterValues } from "../../parameters.ts";
import type { Weighting } from "./weighting.ts";

/** Those marked "selected" are chosen on parts of the training data where they are not given; see `selection`. */
export const textClassifierParameters = {
  /** `auto`: several labels where any text has none or more than one. */
  task: { type: "categorical", values: ["auto", "single-label", "multi-label"], default: "auto" },
  /** Choose what is marked "selected" and was not given on held-out parts of the training data. */
  selection: { type: "boolean", default: true },
  /** Longest word n-gram; selected. */
  wordNgrams: { type: "integer", minimum: 1, maximum: 8, default: 2 },
  /** Lengths of n-grams of characters within words; selected between 0 (none) and 5 where texts are short. */
  minChar: { type: "integer", minimum: 1, maximum: 8, default: 2 },
  maxChar: { type: "integer", minimum: 0, maximum: 8, default: 0 },
  /** Their share in the similarity of two texts. */
  characterShare: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 0.4 },
  /** Texts in which an n-gram has to be. */
  minDocumentFrequency: { type: "integer", minimum: 1, maximum: 1e9, default: 2 },
  /** The most n-grams that are kept, those in the most texts; 0 = all. */
  maxFeatures: { type: "integer", minimum: 0, maximum: 100_000_000, default: 0 },
  /** Hash n-grams into so many features instead of keeping a vocabulary; 0 = a vocabulary. */
  buckets: { type: "integer", minimum: 0, maximum: 100_000_000, default: 0 },
  termFrequency: { type: "categorical", values: ["sublinear", "binary"], default: "sublinear" },
  inverseDocumentFrequency: { type: "boolean", default: true },
  loss: { type: "categorical", values: ["svm", "logistic"], default: "svm" },
  /** C: what an error on a text costs against the squared length of the weights; selected. */
  cost: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 0.5 },
  /** What errors on texts with the label cost more than those on texts without it. */
  positiveWeight: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 1 },
  /** How much features are scaled by their naive-Bayes log-count ratios: 0 not at all, 1 by nothing else; selected. */
  naiveBayes: { type: "continuous", minimum: 0, maximum: 1, default: 0.5 },
  /** β of Wang & Manning (2012): 1 leaves the weights as they are, 0.25 is theirs. Used where naiveBayes is above 0. */
  interpolation: { type: "continuous", minimum: 0, maximum: 1, default: 1 },
  /** How far from the optimum the descent may end; that of liblinear is 0.1. */
  tolerance: { type: "continuous", minimum: 0, maximum: 10, default: 0.1 },
  maxIterations: { type: "integer", minimum: 1, maximum: 1_000_000_000, default: 1000 },
  /** Cross-validate on the training data for probabilities that are calibrated and for thresholds. */
  calibration: { type: "boolean", default: true },
  folds: { type: "integer", minimum: 2, maximum: 20, default: 5 },
  /** Of several labels, which a text gets: by one threshold for the best micro-F1, or by one per label for the best macro-F1. */
  thresholds: { type: "categorical", values: ["common", "per-label"], default: "common" },
  /** Bits of a weight in the model's file. */
  weightBits: { type: "categorical", values: ["32", "16"], default: "32" },
} as const;

export type TextClassifierSettings = ParameterValues<typeof textClassifierParameters>;

/** What may differ between two trainings on one corpus. */
export type LinearSettings = Weighting &
  Pick<
    TextClassifierSettings,
    "loss" | "cost" | "positiveWeight" | "naiveBayes" | "interpolation" | "tolerance" | "maxIterations"
  >;
