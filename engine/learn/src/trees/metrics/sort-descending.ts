/** Below this comparing is faster than counting digits. */
const FEW = 1024;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * The indexes of `scores` from `start` to `end`, highest score first; equal ones keep their order, NaN comes last. A radix sort over the bits of the floats: a million take some
 * 30 ms.
 */
export function sortDescending(scores: Float32Array, start = 0, end: number = scores.length): Uint32Array {
  const length = end - start;
  const order = Uint32Array.from({ length }, (_, index) => start + index);
  if (length < FEW) return order.sort((a, b) => compareDescending(scores[a], scores[b]));
  const keys = descendingKeys(scores, start, end);
  let from: Uint32Array = order;
  let to: Uint32Array = new Uint32Array(length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = new Uint32Array(DIGITS + 1);
    for (const key of keys) starts[((key >>> shift) & (DIGITS - 1)) + 1] += 1;
    for (let digit = 0; digit < DIGITS; digit += 1) starts[digit + 1] += starts[digit];
    for (const index of from) {
      const digit = (keys[index - start] >>> shift) & (DIGITS - 1);
      to[starts[digit]] = index;
      starts[digit] += 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

function compareDescending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a > b ? -1 : 1;
}

/** Unsigned numbers that rise as the scores fall: the bits of a positive float rise with it, those of a negative one fall. */
function descendingKeys(scores: Float32Array, start: number, end: number): Uint32Array {
  const floats = scores.slice(start, end);
  const bits = new Uint32Array(floats.buffer);
  for (let index = 0; index < bits.length; index += 1) {
    const value = floats[index];
    if (Number.isNaN(value)) bits[index] = 0xffffffff;
    // Both zeros are equal.
    else if (value === 0) bits[index] = 0x7fffffff;
    else bits[index] = value < 0 ? bits[index] : ~(bits[index] | 0x80000000);
  }
  return bits;
}
