/** What swapping two places of a ranking would change of its metric. */
export type RankingGain = (high: number, low: number) => number;

export interface GainOptions {
  /** Places that count for the ideal ranking. */
  readonly top: number;
  /** 2^label − 1 instead of the label itself. */
  readonly exponentialGain: boolean;
}

/** By objective, from the labels in the order of the ranking. */
export const rankingGains = {
  /** RankNet: every pair counts the same. */
  "rank:pairwise": () => () => 1,
  "rank:ndcg": discountedGain,
  "rank:map": averagePrecision,
} as const satisfies Record<string, (labels: Float32Array, options: GainOptions) => RankingGain>;

function discountedGain(labels: Float32Array, { top, exponentialGain }: GainOptions): RankingGain {
  const gains = Float64Array.from(labels, (label) => (exponentialGain ? 2 ** label - 1 : label));
  const discounts = Float64Array.from(labels, (_, place) => 1 / Math.log2(place + 2));
  const ideal = gains
    .toSorted((a, b) => b - a)
    .reduce((total, gain, place) => (place < top ? total + gain * discounts[place] : total), 0);
  return (high, low) => (ideal === 0 ? 0 : ((gains[high] - gains[low]) * (discounts[high] - discounts[low])) / ideal);
}

function averagePrecision(labels: Float32Array): RankingGain {
  /** Relevant rows, and Σ label ÷ place, up to and with each place. */
  const relevant = new Float64Array(labels.length);
  const precisions = new Float64Array(labels.length);
  let [count, sum] = [0, 0];
  for (const [place, label] of labels.entries()) {
    count += label;
    sum += label / (place + 1);
    relevant[place] = count;
    precisions[place] = sum;
  }
  return (a, b) => {
    const [upper, lower] = a < b ? [a, b] : [b, a];
    const between = precisions[lower - 1] - precisions[upper];
    if (labels[upper] < labels[lower]) {
      return (relevant[lower] / (lower + 1) - (relevant[upper] + 1) / (upper + 1) - between) / count;
    }
    return (relevant[upper] / (upper + 1) - relevant[lower] / (lower + 1) + between) / count;
  };
}
