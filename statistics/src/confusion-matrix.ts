/** Which class was taken for which. */
export interface ConfusionMatrix {
  /**
   * Every class that was actual or predicted, in order of first appearance among the actual ones, then the predicted
   * ones.
   */
  readonly classes: readonly string[];
  /** `counts[actual][predicted]`, by position in `classes`. */
  readonly counts: readonly (readonly number[])[];
  readonly total: number;
}

/** Counts pairs; throws RangeError when the lists differ in length. */
export function confusionMatrix(actual: readonly string[], predicted: readonly string[]): ConfusionMatrix {
  if (actual.length !== predicted.length) {
    throw new RangeError(`${actual.length} actual and ${predicted.length} predicted classes`);
  }
  const classes = [...new Set([...actual, ...predicted])];
  const position = new Map(classes.map((name, index) => [name, index]));
  const counts = classes.map(() => classes.map(() => 0));
  for (const [index, name] of actual.entries()) {
    counts[position.get(name) as number][position.get(predicted[index]) as number]++;
  }
  return { classes, counts, total: actual.length };
}

/** The share of right predictions; NaN without any. */
export function accuracy({ counts, total }: ConfusionMatrix): number {
  return counts.reduce((sum, row, index) => sum + row[index], 0) / total;
}

export interface ClassScore {
  readonly name: string;
  /** Examples of the class. */
  readonly support: number;
  /**
   * Of those predicted as this class, the share that is; 0 when none was predicted (as scikit-learn's zero_division=0).
   */
  readonly precision: number;
  /** Of those that are, the share that was predicted as such; 0 when there are none. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
}

/** Precision, recall and F1 of each class. */
export function classScores({ classes, counts }: ConfusionMatrix): ClassScore[] {
  return classes.map((name, index) => {
    const hits = counts[index][index];
    const support = counts[index].reduce((sum, count) => sum + count, 0);
    const predicted = counts.reduce((sum, row) => sum + row[index], 0);
    const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
    const f1 = ratio(2 * hits, support + predicted);
    return { name, support, precision: ratio(hits, predicted), recall: ratio(hits, support), f1 };
  });
}

/** The mean of the classes' F1, each class counting the same; NaN without classes. */
export function macroF1(matrix: ConfusionMatrix): number {
  const scores = classScores(matrix);
  return scores.reduce((sum, { f1 }) => sum + f1, 0) / scores.length;
}
