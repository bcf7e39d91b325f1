/**
 * How much more often a place is clicked than its relevance deserves, estimated round by round: Hu et al. 2019, "Unbiased LambdaMART", equations 30 and 31. Places are those in which the
 * rows stand in their group.
 */
export interface PositionBias {
  /** Before the first round's pairs: how many places are followed. */
  begin(places: number): void;
  /** What the force of a pair is divided by; 1 beyond the places that are followed. */
  divisor(high: number, low: number): number;
  /** The cost of a pair. */
  add(high: number, low: number, cost: number): void;
  /** After a round's pairs. */
  update(): void;
}

/** A place whose bias is below it says nothing. */
const LEAST = 1e-16;

export function createPositionBias(norm: number): PositionBias {
  const exponent = 1 / (1 + norm);
  let clicked = new Float64Array();
  let skipped = new Float64Array();
  let clickedCosts = new Float64Array();
  let skippedCosts = new Float64Array();
  return {
    begin(places) {
      if (clicked.length > 0) return;
      clicked = new Float64Array(places).fill(1);
      skipped = new Float64Array(places).fill(1);
      clickedCosts = new Float64Array(places);
      skippedCosts = new Float64Array(places);
    },
    divisor(high, low) {
      const isFollowed = high < clicked.length && low < skipped.length;
      return isFollowed && skipped[low] >= LEAST && clicked[high] >= LEAST ? clicked[high] * skipped[low] : 1;
    },
    add(high, low, cost) {
      if (high >= clicked.length || low >= skipped.length) return;
      if (skipped[low] >= LEAST) clickedCosts[high] += cost / skipped[low];
      if (clicked[high] >= LEAST) skippedCosts[low] += cost / clicked[high];
    },
    update() {
      if (clickedCosts[0] >= LEAST) clicked = clickedCosts.map((cost) => (cost / clickedCosts[0]) ** exponent);
      if (skippedCosts[0] >= LEAST) skipped = skippedCosts.map((cost) => (cost / skippedCosts[0]) ** exponent);
      clickedCosts.fill(0);
      skippedCosts.fill(0);
    },
  };
}
