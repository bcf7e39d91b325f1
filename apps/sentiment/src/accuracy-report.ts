import { LABELS, type Label } from "./product-opinions.ts";

export interface Interval {
  readonly lower: number;
  readonly upper: number;
  readonly confidence: 0.95;
  readonly method: "Wilson";
}

/** How well a model did on texts that it never saw. Kept as JSON beside the model. */
export interface AccuracyReport {
  readonly modelName: string;
  /** Texts judged. */
  readonly n: number;
  readonly correct: number;
  /** `correct / n`. */
  readonly accuracy: number;
  readonly interval: Interval;
  readonly labels: readonly Label[];
  /** Row: the true label; column: the predicted one; both in the order of `labels`. */
  readonly confusionMatrix: readonly (readonly number[])[];
  /** SHA-256 of the test part, so that figures of different models are compared only on the same texts. */
  readonly testSha256: string;
  readonly evaluatedAt: string;
}

/** The 97.5 % point of the normal distribution, for a two-sided interval of 95 %. */
const Z = 1.959963984540054;

/**
 * The score interval for a share (Wilson, Probable Inference, JASA 22, 1927): unlike ±z·se it stays inside [0, 1] and holds its level near
 * the ends and for small n. `n` must be positive.
 */
export function wilsonInterval(successes: number, n: number): Interval {
  const share = successes / n;
  const scale = 1 + Z ** 2 / n;
  const center = (share + Z ** 2 / (2 * n)) / scale;
  const halfWidth = (Z / scale) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return {
    lower: Math.max(0, center - halfWidth),
    upper: Math.min(1, center + halfWidth),
    confidence: 0.95,
    method: "Wilson",
  };
}

/** Counts pairs of true and predicted labels and sums them up. Throws without pairs: there is no accuracy of nothing. */
export function reportAccuracy(
  pairs: readonly { readonly actual: Label; readonly predicted: Label }[],
  about: { readonly modelName: string; readonly testSha256: string; readonly evaluatedAt: Date },
): AccuracyReport {
  const n = pairs.length;
  if (n === 0) throw new Error("There is nothing to judge the model on: the test part is empty.");
  const confusionMatrix = LABELS.map((actual) =>
    LABELS.map((predicted) => pairs.filter((pair) => pair.actual === actual && pair.predicted === predicted).length),
  );
  const correct = pairs.filter(({ actual, predicted }) => actual === predicted).length;
  return {
    modelName: about.modelName,
    n,
    correct,
    accuracy: correct / n,
    interval: wilsonInterval(correct, n),
    labels: LABELS,
    confusionMatrix,
    testSha256: about.testSha256,
    evaluatedAt: about.evaluatedAt.toISOString(),
  };
}
