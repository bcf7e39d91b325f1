import { DataError } from "../algorithm.ts";
import { createRandom, shuffledIndexes } from "../random.ts";

/** Row numbers, ascending. No row is on both sides. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export interface FoldOptions {
  /** At least 2. */
  readonly folds: number;
  readonly seed: number;
}

/** Cross-validation: each row is tested in one fold. Throws DataError for fewer rows than folds. */
export function kFold(rows: number, { folds, seed }: FoldOptions): Split[] {
  requireFolds(rows, folds, "rows");
  const order = shuffledIndexes(rows, createRandom(seed));
  const foldOf = new Uint32Array(rows);
  for (const [position, row] of order.entries()) foldOf[row] = position % folds;
  return splitsOf(foldOf, folds);
}

/** Cross-validation in which every fold has about the same share of each class. A class with fewer rows than folds is missing in some of them. */
export function stratifiedKFold(labels: ArrayLike<number>, { folds, seed }: FoldOptions): Split[] {
  requireFolds(labels.length, folds, "rows");
  const foldOf = new Uint32Array(labels.length);
  const seen = new Map<number, number>();
  // Classes go on in the fold after the one where the class before ended, so that small ones do not all fall into the first fold.
  let start = 0;
  for (const [label, count] of [...countLabels(labels)].toSorted(([a], [b]) => a - b)) {
    seen.set(label, start);
    start += count;
  }
  for (const row of shuffledIndexes(labels.length, createRandom(seed))) {
    const label = labels[row] ?? 0;
    const position = seen.get(label) ?? 0;
    foldOf[row] = position % folds;
    seen.set(label, position + 1);
  }
  return splitsOf(foldOf, folds);
}

/**
 * Cross-validation that keeps rows of one group (a user, a text, a device) on one side: the largest groups first, each into the fold with the fewest rows. Throws
 * DataError for fewer groups than folds.
 */
export function groupKFold(groups: ArrayLike<string | number>, { folds, seed }: FoldOptions): Split[] {
  const rowsOf = new Map<string | number, number[]>();
  for (let row = 0; row < groups.length; row += 1) {
    const group = groups[row] ?? "";
    const rows = rowsOf.get(group);
    if (rows === undefined) rowsOf.set(group, [row]);
    else rows.push(row);
  }
  requireFolds(rowsOf.size, folds, "groups");
  const members = [...rowsOf.values()];
  const order = [...shuffledIndexes(members.length, createRandom(seed))].toSorted(
    (a, b) => (members[b]?.length ?? 0) - (members[a]?.length ?? 0),
  );
  const sizes = new Float64Array(folds);
  const foldOf = new Uint32Array(groups.length);
  for (const index of order) {
    const fold = sizes.indexOf(Math.min(...sizes));
    for (const row of members[index] ?? []) foldOf[row] = fold;
    sizes[fold] = (sizes[fold] ?? 0) + (members[index]?.length ?? 0);
  }
  return splitsOf(foldOf, folds);
}

export interface TimeSplitOptions {
  /** The test part begins here; what is at this time or later is never trained on. */
  readonly from: number;
  /** The test part ends before this time. Default: never. */
  readonly until?: number;
  /** What was less than this before `from` is left out: labels that were not yet known then, or features that reach ahead. Default 0. */
  readonly gap?: number;
}

/** Trains on what came before and tests on what came later. Throws DataError for a time that is no number and when a side is empty. */
export function timeSplit(
  times: ArrayLike<number>,
  { from, until = Number.POSITIVE_INFINITY, gap = 0 }: TimeSplitOptions,
): Split {
  const train: number[] = [];
  const test: number[] = [];
  for (let row = 0; row < times.length; row += 1) {
    const time = times[row] ?? Number.NaN;
    if (Number.isNaN(time)) throw new DataError(`The time of row ${row} is missing.`);
    if (time >= from && time < until) test.push(row);
    else if (time < from - gap) train.push(row);
  }
  if (train.length === 0) throw new DataError(`No row is earlier than ${from - gap}: there is nothing to train on.`);
  if (test.length === 0) throw new DataError(`No row is between ${from} and ${until}: there is nothing to test on.`);
  return { train: Uint32Array.from(train), test: Uint32Array.from(test) };
}

/**
 * Throws DataError when something that must be on one side only (a normalised text, a user) is on both, naming it and the rows. For splits that come from
 * elsewhere.
 */
export function refuseLeaks(split: Split, keyOf: (row: number) => string | number): void {
  const trained = new Map<string | number, number>();
  for (const row of split.train) trained.set(keyOf(row), row);
  for (const row of split.test) {
    const key = keyOf(row);
    const other = trained.get(key);
    if (other !== undefined) {
      throw new DataError(
        `${JSON.stringify(key)} is both in row ${other} of the training part and in row ${row} of the test part.`,
      );
    }
  }
}

function countLabels(labels: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < labels.length; row += 1)
    counts.set(labels[row] ?? 0, (counts.get(labels[row] ?? 0) ?? 0) + 1);
  return counts;
}

function requireFolds(count: number, folds: number, of: string): void {
  if (!Number.isSafeInteger(folds) || folds < 2) throw new DataError(`${folds} folds; there must be at least 2.`);
  if (count < folds) throw new DataError(`${count} ${of} cannot be divided into ${folds} folds.`);
}

function splitsOf(foldOf: Uint32Array, folds: number): Split[] {
  return Array.from({ length: folds }, (_, fold) => {
    const rows = Uint32Array.from(foldOf.keys());
    return { train: rows.filter((row) => foldOf[row] !== fold), test: rows.filter((row) => foldOf[row] === fold) };
  });
}
