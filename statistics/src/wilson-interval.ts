/** An interval of proportions. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % of the normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * The interval in which a proportion lies that was seen `successes` times in `trials`: Wilson, "Probable inference, the
 * law of succession, and statistical inference" (1927). It keeps its promise for small numbers and for proportions near
 * 0 and 1, where the usual ± fails. Without trials it is [0, 1]. `z` is the normal quantile, 1.96 for 95 %.
 */
export function wilsonInterval(successes: number, trials: number, z: number = Z_95): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const proportion = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (proportion + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((proportion * (1 - proportion)) / trials + z ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
