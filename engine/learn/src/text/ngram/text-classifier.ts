import { setImmediate } from "node:timers/promises";
import type { Algorithm, FitContext } from "../../algorithm.ts";
import { resolveParameters } from "../../parameters.ts";
import { type Calibration, calibrateSigmoids, calibrateTemperature, uncalibrated } from "./calibration.ts";
import { HashedLexicon } from "./hashed-lexicon.ts";
import { type LabelledCorpus, type LabelledText, readCorpus, signsOf } from "./labelled-corpus.ts";
import { type LinearTraining, startLinearTraining } from "./linear-training.ts";
import { peek } from "./peek.ts";
import { pruneVocabulary } from "./prune-vocabulary.ts";
import { modelsOfSelection, selectSettings } from "./select-settings.ts";
import { decodeTextClassifier, encodeTextClassifier } from "./text-classifier-file.ts";
import { createModel, type TextClassifierModel } from "./text-classifier-model.ts";
import {
  type LinearSettings,
  type TextClassifierSettings,
  textClassifierParameters,
} from "./text-classifier-parameters.ts";
import { type ClassifierInput, type LabelPrediction, predictLabels } from "./text-prediction.ts";
import { chooseThresholds, type Thresholds } from "./thresholds.ts";
import { tokenize } from "./tokenizer.ts";
import { createTrainingProgress, reportReading } from "./training-progress.ts";
import { Vocabulary } from "./vocabulary.ts";
import { documentFrequencies } from "./weighting.ts";

export interface TextClassifierData {
  readonly train: Iterable<LabelledText> | AsyncIterable<LabelledText>;
}

/** By this many texts it is judged whether texts are short. */
const FIRST_TEXTS = 500;
/** Tokens of a short text, on average: n-grams of characters help where words are few. */
const SHORT_TEXT = 60;
/** N-grams of characters of so many tokens times labels take minutes to learn. */
const MOST_TOKENS_TIMES_LABELS = 5e7;
/** The longest word n-gram that selection tries. */
const LONGEST_SELECTED = 3;
const SELECTED_MAX_CHAR = 5;

/**
 * A linear classifier over n-grams of words and characters: TF-IDF weights (sublinear, smooth, each kind of n-gram of length
 * 1), scaled by naive-Bayes log-count ratios as far as `naiveBayes` says (Wang, Manning, "Baselines and Bigrams", 2012), one
 * L2-loss SVM (Hsieh et al. 2008) or logistic regression (Yu et al. 2011) per label. Probabilities are calibrated, thresholds
 * chosen on held-out parts of the training data. The same seed gives the same bytes, on any number of threads.
 */
export const textClassifier: Algorithm<
  typeof textClassifierParameters,
  TextClassifierData,
  TextClassifierModel,
  ClassifierInput,
  readonly LabelPrediction[]
> = {
  id: "text-classifier",
  parameters: textClassifierParameters,
  fit,
  predict: (model, inputs) => inputs.map((input) => predictLabels(model, input)),
  encode: encodeTextClassifier,
  decode: decodeTextClassifier,
};

async function fit(
  parameters: Partial<TextClassifierSettings>,
  data: TextClassifierData,
  context: FitContext,
): Promise<TextClassifierModel> {
  const settings = resolveParameters(textClassifierParameters, { ...parameters });
  context.signal?.throwIfAborted();
  const isFree = (name: keyof LinearSettings): boolean => settings.selection && parameters[name] === undefined;
  const { first, all } = await peek(data.train, FIRST_TEXTS);
  const lexicon = createLexicon(settings, {
    isFree,
    isShort: first.reduce((sum, { text }) => sum + tokenize(text).length, 0) <= SHORT_TEXT * first.length,
  });
  const corpus = await readCorpus(all, lexicon, { ...context, onTexts: (texts) => reportReading(context, texts) });
  const isMultiLabel = settings.task === "auto" ? hasSeveralLabels(corpus) : settings.task === "multi-label";
  const isBinary = !isMultiLabel && corpus.labels.length === 2;
  const free = new Set(SELECTED.filter((name) => isFree(name) && isSelectable(name, lexicon, corpus, settings)));
  const folds = Math.min(settings.folds, corpus.groupCount);
  const [isSelected, isJudged] = [free.size > 0 && folds > 1, settings.calibration && folds > 1];
  const outputs = isBinary ? 1 : corpus.labels.length;
  const candidates = isSelected ? modelsOfSelection({ corpus, folds, free }) : 0;
  const progress = createTrainingProgress(context, {
    models: [candidates * outputs, isJudged ? folds * outputs : 0, outputs],
    texts: corpus.rows.rows,
  });
  using training = startLinearTraining(
    { corpus, kinds: lexicon.kinds, features: lexicon.size, isBinary },
    { ...context, onSolved: progress.advance },
  );
  const start = await limitFeatures(settings, corpus, lexicon.size);
  const goal = !isMultiLabel ? "log-loss" : settings.thresholds === "common" ? "micro-f1" : "macro-f1";
  const pause = async (): Promise<void> => {
    await setImmediate();
    context.signal?.throwIfAborted();
  };
  const selection = { corpus, training, goal, folds, free, stop: context.stop, pause } as const;
  const chosen = isSelected ? await selectSettings(start, selection) : start;
  progress.endStage();
  const judged = isJudged ? await judge(chosen, { corpus, training, folds, isMultiLabel, pause }) : {};
  progress.endStage();
  const { used, weights, biases, frequencies } = await training.fit(chosen);
  progress.endStage();
  const parts = {
    task: isMultiLabel ? "multi-label" : "single-label",
    labels: corpus.labels,
    weighting: weightingOf(chosen),
    texts: corpus.rows.rows,
    biases,
    calibration: judged.calibration ?? uncalibrated(biases.length),
    thresholds: judged.thresholds ?? { common: 0, perLabel: new Float64Array(biases.length) },
    operatingPoint: settings.thresholds,
    weightBits: settings.weightBits,
  } as const;
  if (lexicon instanceof HashedLexicon) {
    return createModel({ ...parts, lexicon, weights: spread(weights, used, lexicon.size, biases.length), frequencies });
  }
  const { vocabulary, renumbered } = pruneVocabulary(lexicon, frequencies, chosen);
  const places = used.map((feature) => renumbered[feature]);
  const kept = new Uint32Array(vocabulary.size);
  for (const [before, after] of renumbered.entries()) if (after >= 0) kept[after] = frequencies[before];
  return createModel({
    ...parts,
    lexicon: vocabulary,
    weights: spread(weights, places, vocabulary.size, biases.length),
    frequencies: kept,
  });
}

/** In the order in which they are selected. */
const SELECTED = ["wordNgrams", "maxChar", "minDocumentFrequency", "naiveBayes", "cost"] as const;

function createLexicon(
  settings: TextClassifierSettings,
  { isFree, isShort }: { readonly isFree: (name: keyof LinearSettings) => boolean; readonly isShort: boolean },
): Vocabulary | HashedLexicon {
  const { minChar, buckets } = settings;
  if (buckets > 0) {
    return new HashedLexicon({ wordNgrams: settings.wordNgrams, minChar, maxChar: settings.maxChar }, buckets);
  }
  return new Vocabulary({
    wordNgrams: isFree("wordNgrams") ? LONGEST_SELECTED : settings.wordNgrams,
    minChar,
    maxChar: isFree("maxChar") && isShort ? Math.max(SELECTED_MAX_CHAR, minChar) : settings.maxChar,
  });
}

/** Hashing does not tell n-grams of different lengths apart; n-grams of characters are counted and tried where that is soon done. */
function isSelectable(
  name: string,
  lexicon: Vocabulary | HashedLexicon,
  corpus: LabelledCorpus,
  { maxFeatures }: TextClassifierSettings,
): boolean {
  // How rare n-grams may be follows from how many there may be.
  if (name === "minDocumentFrequency" && maxFeatures > 0) return false;
  if (name === "wordNgrams") return lexicon instanceof Vocabulary;
  if (name === "maxChar" || name === "minDocumentFrequency") {
    return (
      lexicon instanceof Vocabulary &&
      lexicon.lengths.maxChar > 0 &&
      corpus.tokens * corpus.labels.length <= MOST_TOKENS_TIMES_LABELS
    );
  }
  return true;
}

/** Lets n-grams be so rare at most that no more than `maxFeatures` are left; those that are equally rare stay or go together. */
async function limitFeatures(
  settings: TextClassifierSettings,
  corpus: LabelledCorpus,
  features: number,
): Promise<TextClassifierSettings> {
  const { maxFeatures } = settings;
  if (maxFeatures === 0 || features <= maxFeatures) return settings;
  const frequencies = await documentFrequencies(corpus.rows, features, () => true, setImmediate);
  const descending = frequencies.sort().reverse();
  const minDocumentFrequency = Math.max(settings.minDocumentFrequency, descending[maxFeatures] + 1);
  return { ...settings, minDocumentFrequency };
}

function hasSeveralLabels({ labelStarts }: LabelledCorpus): boolean {
  return labelStarts.some((start, row) => row > 0 && start - labelStarts[row - 1] !== 1);
}

interface Judgement {
  readonly calibration?: Calibration;
  readonly thresholds?: Thresholds;
}

/** Calibration and thresholds by the scores of all rows, each given by a model that has not learned from it. */
async function judge(
  settings: LinearSettings,
  {
    corpus,
    training,
    folds,
    isMultiLabel,
    pause,
  }: {
    corpus: LabelledCorpus;
    training: LinearTraining;
    folds: number;
    isMultiLabel: boolean;
    pause(): Promise<void>;
  },
): Promise<Judgement> {
  const [scores] = await training.crossValidate([settings], folds, folds);
  if (scores[0].some((score) => Number.isNaN(score))) return {};
  if (!isMultiLabel && training.outputs !== 1) {
    const labelOf = (row: number): number => corpus.labelNumbers[corpus.labelStarts[row]];
    return { calibration: await calibrateTemperature(scores, labelOf, pause) };
  }
  const signs = scores.map((_, output) => signsOf(corpus, isMultiLabel ? output : corpus.labels.length - 1));
  const calibration = await calibrateSigmoids(scores, signs, pause);
  return isMultiLabel ? { calibration, thresholds: await chooseThresholds(scores, signs, pause) } : { calibration };
}

function weightingOf(settings: LinearSettings): TextClassifierModel["weighting"] {
  const { wordNgrams, maxChar, minDocumentFrequency, termFrequency, inverseDocumentFrequency, characterShare } =
    settings;
  return { wordNgrams, maxChar, minDocumentFrequency, termFrequency, inverseDocumentFrequency, characterShare };
}

/** `width` numbers for each of so many features, of which only those at `places` are given. */
function spread(given: Float32Array, places: Uint32Array, features: number, width: number): Float32Array {
  const target = new Float32Array(features * width);
  for (const [index, place] of places.entries()) {
    target.set(given.subarray(index * width, (index + 1) * width), place * width);
  }
  return target;
}
