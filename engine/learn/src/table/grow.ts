type NumberArray = Float32Array | Float64Array | Uint32Array;

/**
 * The array itself when it holds `atLeast` entries, otherwise its first `used` entries in one that is at least twice as long, in shared memory. The
 * system gives out pages when they are first written: what is reserved and never used takes no memory.
 */
export function grow<Numbers extends NumberArray>(array: Numbers, used: number, atLeast: number): Numbers {
  if (array.length >= atLeast) return array;
  const length = Math.max(atLeast, array.length * 2);
  const buffer = new SharedArrayBuffer(length * array.BYTES_PER_ELEMENT);
  const grown = new (array.constructor as new (buffer: SharedArrayBuffer) => Numbers)(buffer);
  grown.set(array.subarray(0, used));
  return grown;
}

/** An array for as many entries as are expected; empty where there is no room for so many, since what comes may be less. */
export function reserve<Numbers extends NumberArray>(empty: Numbers, expected: number): Numbers {
  try {
    return grow(empty, 0, expected);
  } catch (error) {
    if (error instanceof RangeError) return empty;
    throw error;
  }
}
