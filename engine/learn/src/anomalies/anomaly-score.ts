import { boxOf, type CutTree, EMPTY, toLeaf } from "./cut-tree.ts";

/**
 * How soon random cuts would separate a row from the sample: the expected inverse depth at which it would be a leaf, as AWS's
 * library randomcutforest (class AnomalyScoreVisitor) scores. At a node of depth k the row is separated with the
 * probability by which it widens the box and scores 1 ∕ (k + 1); in a leaf of equal rows it scores 1 ∕ (k + log₂(m + 1)) times
 * 1 − m ∕ 2n, for m equal ones of n. The sum is multiplied by log₂(n + 1): about 1 is usual, much more is rare.
 *
 * `share` is told how much each column contributes, which adds up to the score: to a separation in proportion to how much the row
 * widens the box in the column.
 */
export function scoreRow(tree: CutTree, row: Float32Array, share?: (column: number, score: number) => void): number {
  if (tree.root === EMPTY) return 0;
  let place = tree.root;
  let depth = 0;
  let score = 0;
  // The probability that the row was not separated further above.
  let reached = Math.log2(tree.mass + 1);
  while (place >= 0) {
    const most = reached / (depth + 1);
    const separated = separate(tree, place, row, share && ((column, part) => share(column, most * part)));
    score += most * separated;
    reached *= 1 - separated;
    if (reached === 0) return score;
    place = row[tree.cutColumns[place]] <= tree.cutValues[place] ? tree.left[place] : tree.right[place];
    depth++;
  }
  return score + reached * scoreLeaf(tree, place, { row, depth, share, reached });
}

/** The probability that a cut of the box with the row in it separates the row from the box. */
function separate(
  tree: CutTree,
  place: number,
  row: Float32Array,
  share?: (column: number, probability: number) => void,
): number {
  const { columns, lower, upper } = tree;
  const start = place * columns;
  let range = 0;
  let widened = 0;
  for (let column = 0; column < columns; column++) {
    const [low, high, value] = [lower[start + column], upper[start + column], row[column]];
    const more = value < low ? low - value : value > high ? value - high : 0;
    range += high - low + more;
    widened += more;
  }
  if (widened === 0) return 0;
  if (share !== undefined) {
    for (let column = 0; column < columns; column++) {
      const [low, high, value] = [lower[start + column], upper[start + column], row[column]];
      const more = value < low ? low - value : value > high ? value - high : 0;
      if (more > 0) share(column, more / range);
    }
  }
  return widened / range;
}

interface LeafVisit {
  readonly row: Float32Array;
  readonly depth: number;
  readonly share?: ((column: number, score: number) => void) | undefined;
  readonly reached: number;
}

function scoreLeaf(tree: CutTree, place: number, { row, depth, share, reached }: LeafVisit): number {
  const [point] = boxOf(tree, place);
  let difference = 0;
  for (let column = 0; column < tree.columns; column++) difference += Math.abs(row[column] - point[column]);
  if (difference === 0) {
    const mass = tree.masses[toLeaf(place)];
    const score = (1 - mass / (2 * tree.mass)) / (depth + Math.log2(mass + 1));
    for (let column = 0; share !== undefined && column < tree.columns; column++)
      share(column, (reached * score) / tree.columns);
    return score;
  }
  const score = 1 / (depth + 1);
  for (let column = 0; share !== undefined && column < tree.columns; column++) {
    share(column, (reached * score * Math.abs(row[column] - point[column])) / difference);
  }
  return score;
}
