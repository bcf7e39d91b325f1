import { logGamma } from "./gamma.ts";
import type { Random } from "./random.ts";

/** Below this mean, adding up probabilities is faster than a rejection; above it, the rejection's hat is valid. Hörmann (1993), section 2. */
const LEAST_MEAN_OF_REJECTION = 10;

/** How many of `trials` succeed, each with `probability` (0 to 1): an exact draw in time that does not grow with the number of trials. */
export function sampleBinomial(random: Random, trials: number, probability: number): number {
  if (probability > 0.5) return trials - sampleBinomial(random, trials, 1 - probability);
  if (trials === 0 || probability === 0) return 0;
  return trials * probability < LEAST_MEAN_OF_REJECTION
    ? byInversion(random, trials, probability)
    : byRejection(random, trials, probability);
}

/** Walks up the distribution function until it passes a uniform number. */
function byInversion(random: Random, trials: number, probability: number): number {
  const odds = probability / (1 - probability);
  let mass = (1 - probability) ** trials;
  let rest = random() - mass;
  let successes = 0;
  while (rest > 0 && successes < trials) {
    successes += 1;
    mass *= (odds * (trials - successes + 1)) / successes;
    rest -= mass;
  }
  return successes;
}

/** Transformed rejection with squeeze, algorithm BTRS: Hörmann, "The generation of binomial random variates" (J. Stat. Comput. Simul. 46, 1993). */
function byRejection(random: Random, trials: number, probability: number): number {
  const deviation = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const centre = trials * probability + 0.5;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const squeeze = 0.92 - 4.2 / b;
  const logOdds = Math.log(probability / (1 - probability));
  const mode = Math.floor((trials + 1) * probability);
  const logOfMode = logGamma(mode + 1) + logGamma(trials - mode + 1);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const distance = 0.5 - Math.abs(u);
    const successes = Math.floor(((2 * a) / distance + b) * u + centre);
    if (distance >= 0.07 && v <= squeeze) return successes;
    if (successes < 0 || successes > trials) continue;
    const logRatio =
      logOfMode - logGamma(successes + 1) - logGamma(trials - successes + 1) + (successes - mode) * logOdds;
    if (Math.log((v * alpha) / (a / distance ** 2 + b)) <= logRatio) return successes;
  }
}
