/** Watches one figure and says when it has not become better for too long. */
export interface EarlyStopping {
  /** Takes the figure of the next round; true when training should end. */
  observe(value: number): boolean;
  /** The round with the best figure, from 0. */
  readonly bestRound: number;
  readonly bestValue: number;
}

/** Ends after `patience` rounds without improvement; 0 = never. A figure that is no number is none. */
export function createEarlyStopping(patience: number, isBetterWhenHigher: boolean): EarlyStopping {
  let [round, bestRound] = [-1, 0];
  let bestValue = isBetterWhenHigher ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return {
    observe(value) {
      round += 1;
      if (isBetterWhenHigher ? value > bestValue : value < bestValue) [bestRound, bestValue] = [round, value];
      return patience > 0 && round - bestRound >= patience;
    },
    get bestRound() {
      return bestRound;
    },
    get bestValue() {
      return bestValue;
    },
  };
}
