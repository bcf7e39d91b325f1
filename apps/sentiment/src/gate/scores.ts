import {
  type ClassScore,
  classScores,
  confusionMatrix,
  type Interval,
  macroF1,
  type PairedDifference,
  wilsonInterval,
} from "@rondo/statistics";

/** A row of the hold-out with what the candidate, and the champion if there is one, made of it. */
export interface JudgedRow {
  readonly actual: string;
  readonly candidate: string;
  readonly champion: string | undefined;
  /** Parts of the hold-out that the row belongs to: `domain=film`, `length=short`. */
  readonly slices: readonly string[];
}

/** A share of right answers with its 95 % interval (Wilson). */
export interface Accuracy extends Interval {
  readonly value: number;
  readonly correct: number;
  readonly n: number;
}

/** How good one model is. */
export interface ModelScores {
  readonly accuracy: Accuracy;
  /** Mean of the classes' F1. */
  readonly macroF1: number;
  readonly classes: readonly ClassScore[];
  readonly confusionMatrix: {
    readonly classes: readonly string[];
    /** `counts[actual][predicted]`. */
    readonly counts: readonly (readonly number[])[];
  };
}

/** Candidate minus champion on the same rows. */
export interface Improvement extends PairedDifference {
  /** Rows that only the candidate gets right. */
  readonly onlyCandidate: number;
  /** Rows that only the champion gets right. */
  readonly onlyChampion: number;
  /** McNemar's exact test, two-sided. */
  readonly mcNemarP: number;
}

export function accuracyOf(correct: number, n: number): Accuracy {
  return { value: correct / n, correct, n, ...wilsonInterval(correct, n) };
}

export function scoreModel(actual: readonly string[], predicted: readonly string[]): ModelScores {
  const matrix = confusionMatrix(actual, predicted);
  const correct = matrix.counts.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  return {
    accuracy: accuracyOf(correct, matrix.total),
    macroF1: macroF1(matrix),
    classes: classScores(matrix),
    confusionMatrix: { classes: matrix.classes, counts: matrix.counts },
  };
}
