import { topItems } from "@rondo/kernels";

/** Which items may be chosen. */
export interface Choice {
  readonly count: number;
  /** A byte for each item of the catalogue; absent: all that have scores. */
  readonly allowed?: Uint8Array;
  isTaken(item: number): boolean;
}

/**
 * The best items by their scores, the best first. Items that are too new for a score come last, the newest first, and only where a filter lets them through: who
 * names a category wants to see what is new in it, while among everything else new items are for exploration to show.
 */
export function bestItems(scores: Float32Array, { count, allowed, isTaken }: Choice): number[] {
  if (count === 0) return [];
  const best = [...topItems(scores, allowed === undefined ? { count } : { count, allowed }).items].filter(
    (item) => !isTaken(item),
  );
  if (allowed === undefined) return best;
  for (let item = allowed.length - 1; item >= scores.length && best.length < count; item -= 1) {
    if (allowed[item] !== 0 && !isTaken(item)) best.push(item);
  }
  return best;
}
