/** The places of scores from the lowest to the highest; equal ones keep their order. Throws RangeError for a score that is NaN, which has no place. */
export function orderByScore(scores: ArrayLike<number>): Uint32Array {
  for (let index = 0; index < scores.length; index++) {
    if (Number.isNaN(scores[index])) throw new RangeError(`the score of example ${index + 1} is no number`);
  }
  return Uint32Array.from({ length: scores.length }, (_, index) => index).sort(
    (a, b) => scores[a] - scores[b] || a - b,
  );
}
