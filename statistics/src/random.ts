/** A source of independent numbers, uniform in [0, 1). */
export type Random = () => number;

/** Spreads a seed over the state: one step of splitmix32 with the constants of MurmurHash3's finaliser. */
function createSplitMix(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/**
 * Random numbers that the seed (an integer; its lower 32 bits count) decides: xoshiro128** of Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators" (ACM TOMS 47, 2021), period 2^128 − 1. Not for secrets.
 */
export function createRandom(seed: number): Random {
  const next = createSplitMix(seed);
  let [a, b, c, d] = [next(), next(), next(), next()];
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
}
