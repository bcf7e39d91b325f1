/** Ranks from 1; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (const index of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/**
 * Spearman's ρ of two samples (Spearman 1904): the correlation of their ranks, where equal values share a rank. NaN for
 * less than two pairs or when one side is constant. Throws RangeError for samples of different lengths.
 */
export function spearmanCorrelation(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) throw new RangeError(`${left.length} values cannot be paired with ${right.length}`);
  const [a, b] = [ranksOf(left), ranksOf(right)];
  const mean = (left.length + 1) / 2;
  let [product, ofLeft, ofRight] = [0, 0, 0];
  for (const [index, rank] of a.entries()) {
    const other = (b[index] ?? 0) - mean;
    product += (rank - mean) * other;
    ofLeft += (rank - mean) ** 2;
    ofRight += other ** 2;
  }
  return product / Math.sqrt(ofLeft * ofRight);
}
