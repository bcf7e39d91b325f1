/** A sequence of pseudo-random numbers that is the same on every machine. */
export interface Random {
  /** 0 to 2³² − 1. */
  uint32(): number;
  /** From 0 to 1, without 1; a multiple of 2⁻⁵³. */
  uniform(): number;
  /** An integer from 0 to `limit` − 1. */
  below(limit: number): number;
  /** Of mean 0 and variance 1. */
  normal(): number;
}

/**
 * The generator sfc32 (Chris Doty-Humphrey, PractRand) with the seed and the stream's number as its start: streams of the
 * same seed have nothing to do with each other, so that parts of a work can draw independently.
 */
export function createRandom(seed: number, stream = 0): Random {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, stream | 0, 1];
  const uint32 = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result >>> 0;
  };
  // The state needs some rounds until close seeds have nothing in common.
  for (let round = 0; round < 15; round++) uint32();
  const uniform = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  return {
    uint32,
    uniform,
    below: (limit) => Math.floor(uniform() * limit),
    // Box and Muller 1958; 1 − u keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** The numbers 0 to `count` − 1 in random order (Fisher and Yates). */
export function shuffledIndexes(count: number, random: Random): Uint32Array {
  const indexes = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = indexes[last];
    indexes[last] = indexes[other];
    indexes[other] = kept;
  }
  return indexes;
}

/** `size` of the numbers 0 to `count` − 1, each subset equally likely, ascending (reservoir sampling, Vitter 1985, algorithm R). */
export function sampleIndexes(count: number, size: number, random: Random): Uint32Array {
  const sample = Uint32Array.from({ length: Math.min(size, count) }, (_, index) => index);
  for (let index = size; index < count; index++) {
    const place = random.below(index + 1);
    if (place < size) sample[place] = index;
  }
  return sample.sort();
}
