/** Counts in bins that meet at the edges. */
export interface Histogram {
  /** Ascending. The first bin is below the first edge, the last one at or above the last. */
  readonly edges: readonly number[];
  /** One more than edges. */
  readonly counts: readonly number[];
}

export function histogramOf(values: Iterable<number>, edges: readonly number[]): Histogram {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of values) {
    const above = edges.findIndex((edge) => value < edge);
    const bin = above < 0 ? edges.length : above;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts };
}

/** Bins of a model's confidence: most answers are near 1, so the bins are narrow there. */
export const CONFIDENCE_EDGES: readonly number[] = [0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];
