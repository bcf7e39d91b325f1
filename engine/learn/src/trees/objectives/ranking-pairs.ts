import type { Random } from "@rondo/statistics";
import type { RowGroup } from "../metrics/row-groups.ts";
import { sortDescending } from "../metrics/sort-descending.ts";

/** A group's rows in the order of their scores, highest first. */
export interface Ranking {
  /** By place: the row, counted from the group's first. */
  readonly order: Uint32Array;
  /** By place. */
  readonly labels: Float32Array;
  readonly scores: Float32Array;
}

/** Is given two places of a ranking. */
export type VisitPair = (a: number, b: number) => void;

export function createRanking(margins: Float32Array, labels: Float32Array, { start, end }: RowGroup): Ranking {
  const rows = sortDescending(margins, start, end);
  return {
    order: rows.map((row) => row - start),
    labels: Float32Array.from(rows, (row) => labels[row]),
    scores: Float32Array.from(rows, (row) => margins[row]),
  };
}

/** Each of the first `top` places with every one below it. */
export function topPairs({ order }: Ranking, top: number, visit: VisitPair): void {
  const places = order.length;
  for (let high = 0; high < Math.min(top, places); high += 1) {
    for (let low = high + 1; low < places; low += 1) visit(high, low);
  }
}

/** Each place `draws` times with a random one of another label. */
export function drawnPairs(
  { labels }: Ranking,
  { draws, random }: { readonly draws: number; readonly random: Random },
  visit: VisitPair,
): void {
  const byLabel = sortDescending(labels);
  const places = byLabel.length;
  for (let start = 0; start < places; ) {
    let end = start + 1;
    while (end < places && labels[byLabel[end]] === labels[byLabel[start]]) end += 1;
    const others = places - (end - start);
    for (let draw = 0; others > 0 && draw < draws; draw += 1) {
      for (let place = start; place < end; place += 1) {
        const other = Math.floor(random() * others);
        visit(byLabel[place], byLabel[other < start ? other : other + end - start]);
      }
    }
    start = end;
  }
}
