import { chiSquareTail } from "./gamma.ts";

/** How far a sample's distribution over bins has moved from a reference. */
export interface PopulationShift {
  /**
   * Population stability index, 0 for the same shares: Σ (share − reference share) · ln(share / reference share), the symmetric divergence of Kullback
   * and Leibler (1951, equation 2.6). Siddiqi, "Credit Risk Scorecards" (2006), calls 0.1 a small and 0.25 a large shift: conventions, which say nothing
   * about chance.
   */
  readonly index: number;
  /** How likely a chi-square at least this large is if both samples come from one distribution. */
  readonly pValue: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

/** Cochran's rule (1954) for the chi-square approximation: no expected count below this. */
const LEAST_EXPECTED = 5;

/** Bins next to each other become one until each is expected to hold enough of the smaller sample. */
function mergeSparseBins(reference: readonly number[], sample: readonly number[]): [number, number][] {
  const [ofReference, ofSample] = [reference, sample].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const smallerShare = Math.min(ofReference, ofSample) / (ofReference + ofSample);
  const isFull = ([one, two]: [number, number]): boolean => (one + two) * smallerShare >= LEAST_EXPECTED;
  const bins: [number, number][] = [];
  for (const [index, count] of reference.entries()) {
    const last = bins.at(-1);
    if (last === undefined || isFull(last)) bins.push([count, sample[index]]);
    else bins[bins.length - 1] = [last[0] + count, last[1] + sample[index]];
  }
  const rest = bins.at(-1);
  if (bins.length > 1 && rest !== undefined && !isFull(rest)) {
    bins.pop();
    const before = bins[bins.length - 1];
    bins[bins.length - 1] = [before[0] + rest[0], before[1] + rest[1]];
  }
  return bins;
}

/**
 * Compares counts in the same ordered bins: the index as the size of the shift, Pearson's chi-square of homogeneity (1900; 2 rows, one column per bin) as
 * its p-value. Sparse bins are joined with their neighbours first. For the index, half an example is added to each bin, so that an empty one does not
 * make it infinite. Throws RangeError for bins that do not match or an empty sample.
 */
export function populationShift(reference: readonly number[], sample: readonly number[]): PopulationShift {
  if (reference.length !== sample.length) {
    throw new RangeError(`${reference.length} bins of reference, ${sample.length} of the sample`);
  }
  const bins = mergeSparseBins(reference, sample);
  const ofReference = bins.reduce((sum, [count]) => sum + count, 0);
  const ofSample = bins.reduce((sum, [, count]) => sum + count, 0);
  if (ofReference === 0 || ofSample === 0) throw new RangeError("A sample without examples cannot be compared.");
  let index = 0;
  let chiSquare = 0;
  for (const [one, two] of bins) {
    const oneShare = (one + 0.5) / (ofReference + bins.length / 2);
    const twoShare = (two + 0.5) / (ofSample + bins.length / 2);
    index += (twoShare - oneShare) * Math.log(twoShare / oneShare);
    chiSquare += (one * ofSample - two * ofReference) ** 2 / ((one + two) * ofReference * ofSample);
  }
  const degreesOfFreedom = bins.length - 1;
  const pValue = degreesOfFreedom === 0 ? 1 : chiSquareTail(chiSquare, degreesOfFreedom);
  return { index, pValue, chiSquare, degreesOfFreedom };
}
