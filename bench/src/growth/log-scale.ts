/** Maps whole decades of an axis to a stretch of the picture. */
export interface LogScale {
  /** The powers of ten from the axis' beginning to its end. */
  readonly decades: readonly number[];
  /** Where a value lies, in the picture's units. */
  readonly place: (value: number) => number;
}

/** From the decade that holds the least value to the one that holds the greatest, at least one. Throws RangeError for values not above 0. */
export function logScale(values: readonly number[], from: number, to: number): LogScale {
  if (values.length === 0 || values.some((value) => !(value > 0 && value < Number.POSITIVE_INFINITY))) {
    throw new RangeError(`a logarithmic axis needs values above 0, not ${values.join(", ") || "none"}`);
  }
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    decades: Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index)),
    place: (value) => from + ((Math.log10(value) - first) / (last - first)) * (to - from),
  };
}
