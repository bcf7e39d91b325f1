import { eachNgram } from "./lexicon.ts";
import { SCORE_UNIT, scoreText, type TextClassifierModel } from "./text-classifier-model.ts";
import { tokenize } from "./tokenizer.ts";

export interface ClassifierInput {
  readonly text: string;
  /** At most this many labels, the most probable first. Default: the one, or of several all that the text gets. */
  readonly k?: number;
  /** Say of each label what the tokens contribute to its score. */
  readonly explain?: boolean;
}

export interface LabelPrediction {
  readonly label: string;
  /** 0 to 1. Of labels that exclude each other they sum to 1. */
  readonly probability: number;
  readonly score: number;
  /** Whether the text gets the label: the best one, or of several those above their threshold. */
  readonly isAssigned: boolean;
  readonly explanation?: ScoreExplanation;
}

/** `bias` and the contributions sum to the score exactly. */
export interface ScoreExplanation {
  readonly bias: number;
  readonly tokens: readonly { readonly token: string; readonly contribution: number }[];
}

/** The labels of one text. */
export function predictLabels(model: TextClassifierModel, { text, k, explain }: ClassifierInput): LabelPrediction[] {
  const scores = labelScores(model, scoreText(model, text));
  const probabilities = probabilitiesOf(model, scores);
  const order = [...scores.keys()].sort(
    (one, other) => probabilities[other] - probabilities[one] || scores[other] - scores[one] || one - other,
  );
  const isAssigned = (label: number, rank: number): boolean =>
    model.task === "single-label" ? rank === 0 : scores[label] >= thresholdOf(model, label);
  const predictions = order.map((label, rank) => ({
    label: model.labels[label],
    probability: probabilities[label],
    score: scores[label],
    isAssigned: isAssigned(label, rank),
    number: label,
  }));
  const wanted = k === undefined ? predictions.filter((each) => each.isAssigned) : predictions.slice(0, k);
  return wanted.map(({ number, ...prediction }) =>
    explain === true ? { ...prediction, explanation: explainScore(model, text, number, prediction.score) } : prediction,
  );
}

/** A score per label; of two that exclude each other the first has the other's with its sign turned. */
export function labelScores({ outputs, labels }: TextClassifierModel, scores: Float64Array): Float64Array {
  return outputs === 1 && labels.length === 2 ? Float64Array.of(-scores[0], scores[0]) : scores;
}

export function thresholdOf({ operatingPoint, thresholds }: TextClassifierModel, label: number): number {
  return operatingPoint === "common" ? thresholds.common : thresholds.perLabel[label];
}

function probabilitiesOf(model: TextClassifierModel, scores: Float64Array): Float64Array {
  const { slopes, intercepts } = model.calibration;
  if (model.task === "multi-label") {
    return scores.map((score, label) => 1 / (1 + Math.exp(-(slopes[label] * score + intercepts[label]))));
  }
  if (model.outputs === 1 && model.labels.length === 2) {
    const second = 1 / (1 + Math.exp(-(slopes[0] * scores[1] + intercepts[0])));
    return Float64Array.of(1 - second, second);
  }
  const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const powers = scores.map((score) => Math.exp(slopes[0] * (score - highest)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/**
 * What each token contributes to a label's score: an n-gram's part is divided equally between its occurrences and their
 * tokens. Counted in whole units of the score, so that nothing is lost; what rounding leaves over goes to the bias.
 */
function explainScore(model: TextClassifierModel, text: string, label: number, score: number): ScoreExplanation {
  const { reader, lexicon, outputs, weights } = model;
  const isTurned = outputs === 1 && model.labels.length === 2 && label === 0;
  const output = outputs === 1 ? 0 : label;
  const tokens = tokenize(text);
  const shares = new Map<number, { units: number; slots: number }>();
  eachNgram(tokens, lexicon, (feature, first, end) => {
    const share = shares.get(feature) ?? { units: 0, slots: 0 };
    share.slots += end - first;
    shares.set(feature, share);
  });
  reader.read(tokens);
  for (let entry = 0; entry < reader.length; entry++) {
    const contribution = reader.values[entry] * weights[reader.indexes[entry] * outputs + output];
    const share = shares.get(reader.indexes[entry]);
    if (share) share.units = Math.round((isTurned ? -contribution : contribution) / SCORE_UNIT);
  }
  const units = new Float64Array(tokens.length);
  eachNgram(tokens, lexicon, (feature, first, end) => {
    const share = shares.get(feature);
    if (share === undefined) return;
    for (let token = first; token < end; token++) {
      const part = Math.round(share.units / share.slots--);
      share.units -= part;
      units[token] += part;
    }
  });
  const rest = units.reduce((left, part) => left - part, Math.round(score / SCORE_UNIT));
  return {
    bias: rest * SCORE_UNIT,
    tokens: tokens.map((token, index) => ({ token, contribution: units[index] * SCORE_UNIT })),
  };
}
