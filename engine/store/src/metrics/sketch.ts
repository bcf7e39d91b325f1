/**
 * Values with their counts, in ascending order, in bounded space. Level 0 is exact. When more than `capacity` distinct values come together they
 * are rounded to the middle of logarithmic bins, and neighbouring bins are joined until they fit: at level n ≥ 1 a value is off by at most
 * `relativeError(n)` of itself: 1 % at level 1 (the largest value up to 2,900 times the smallest), 2 % at level 2 (8 million times), 4 % at level 3.
 *
 * The bins are those of DDSketch (Masson, Rim, Lee 2019, section 2.1); joining pairs of bins is the uniform collapse of UDDSketch (Epicoco et al. 2020).
 */
export interface Sketch {
  readonly level: number;
  readonly values: readonly (readonly [value: number, count: number])[];
}

export const emptySketch: Sketch = { level: 0, values: [] };

const capacity = 400;
const firstGamma = 1.01 / 0.99;

/** How far a value read from a sketch of this level may be from the one that was put, relative to it. */
export function relativeError(level: number): number {
  const gamma = gammaOf(level);
  return (gamma - 1) / (gamma + 1);
}

/** Both sketches' values in one. */
export function mergeSketches(left: Sketch, right: Sketch): Sketch {
  for (let level = Math.max(left.level, right.level); ; level++) {
    const counts = new Map<number, number>();
    for (const sketch of [left, right])
      for (const [value, count] of sketch.values) {
        const key = sketch.level === level ? value : rounded(value, level);
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    if (counts.size <= capacity) return { level, values: [...counts].sort(([a], [b]) => a - b) };
  }
}

/** The number of values, counting repetitions. */
export function sketchCount(sketch: Sketch): number {
  return sketch.values.reduce((sum, [, count]) => sum + count, 0);
}

/** The smallest value that at least `percent` of all values do not exceed (nearest rank); undefined for an empty sketch. */
export function percentile(sketch: Sketch, percent: number): number | undefined {
  const rank = (sketchCount(sketch) * percent) / 100;
  let seen = 0;
  for (const [value, count] of sketch.values) {
    seen += count;
    // Counts are sums of doubles: a rank that is reached but for rounding is reached.
    if (seen >= rank * (1 - 1e-12)) return value;
  }
  return sketch.values.at(-1)?.[0];
}

function gammaOf(level: number): number {
  return level === 0 ? 1 : firstGamma ** (2 ** (level - 1));
}

/** The middle of the value's bin (γ^(i−1), γ^i], in the sense that both ends are equally far relative to themselves. */
function rounded(value: number, level: number): number {
  if (value === 0) return 0;
  const gamma = gammaOf(level);
  // A middle that was rounded at a lower level lies inside its bin, hence inside the joined one.
  const bin = Math.ceil(Math.log(Math.abs(value)) / Math.log(gamma));
  return (Math.sign(value) * 2 * gamma ** bin) / (gamma + 1);
}
