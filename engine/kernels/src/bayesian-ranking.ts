/** Factors of users and items, changed in place, and the pairs to learn them from. */
export interface BayesianRanking {
  /** Floats of a row of factors, a multiple of 4. */
  readonly stride: number;
  readonly items: number;
  readonly userFactors: Float32Array;
  readonly itemFactors: Float32Array;
  /** Of each item. */
  readonly biases: Float32Array;
  /** Of each user the items that are known, ascending. */
  readonly starts: Uint32Array;
  readonly pairItems: Uint32Array;
  readonly learningRate: number;
  readonly regularization: number;
  readonly seed: number;
}

/** Of each pair its user. */
export function usersOfPairs(starts: Uint32Array): Uint32Array {
  const users = new Uint32Array(starts[starts.length - 1]);
  for (let user = 0; user + 1 < starts.length; user += 1) users.fill(user, starts[user], starts[user + 1]);
  return users;
}

/**
 * Draws so many pairs, and for each an item that the user does not know, and moves the factors so that the known one scores higher: Rendle,
 * Freudenthaler, Gantner and Schmidt-Thieme, "BPR: Bayesian personalized ranking from implicit feedback" (UAI 2009), figure 4. The scalar
 * reference of the kernel, in float64; returns how many draws were in the right order before.
 */
export function learnRankingScalar(ranking: BayesianRanking, draws: number): number {
  const { items, starts, pairItems, biases, learningRate, regularization } = ranking;
  const users = usersOfPairs(starts);
  const draw = createDraw(ranking.seed);
  const step = (value: number, gradient: number): number => value + learningRate * (gradient - regularization * value);
  let right = 0;
  for (let index = 0; index < draws; index += 1) {
    const pair = draw(pairItems.length);
    const user = users[pair];
    const better = pairItems[pair];
    const worse = draw(items);
    if (pairItems.subarray(starts[user], starts[user + 1]).includes(worse)) continue;
    const score = biases[better] - biases[worse] + preference(ranking, user, better, worse);
    if (score > 0) right += 1;
    const gradient = 1 / (1 + Math.exp(score));
    biases[better] = step(biases[better], gradient);
    biases[worse] = step(biases[worse], -gradient);
    moveFactors(ranking, [user, better, worse], gradient);
  }
  return right;
}

function preference(
  { stride, userFactors, itemFactors }: BayesianRanking,
  user: number,
  better: number,
  worse: number,
): number {
  let sum = 0;
  for (let factor = 0; factor < stride; factor += 1) {
    sum +=
      userFactors[user * stride + factor] *
      (itemFactors[better * stride + factor] - itemFactors[worse * stride + factor]);
  }
  return sum;
}

function moveFactors(
  { stride, userFactors, itemFactors, learningRate, regularization }: BayesianRanking,
  [user, better, worse]: readonly [number, number, number],
  gradient: number,
): void {
  for (let factor = 0; factor < stride; factor += 1) {
    const [u, i, j] = [user * stride + factor, better * stride + factor, worse * stride + factor];
    const [userValue, betterValue, worseValue] = [userFactors[u], itemFactors[i], itemFactors[j]];
    userFactors[u] += learningRate * (gradient * (betterValue - worseValue) - regularization * userValue);
    itemFactors[i] += learningRate * (gradient * userValue - regularization * betterValue);
    itemFactors[j] += learningRate * (-gradient * userValue - regularization * worseValue);
  }
}

/** Integers from 0 up to a limit: mulberry32. */
function createDraw(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1) >>> 0;
    mixed = (mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61))) >>> 0;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) * limit * 2 ** -32);
  };
}
