/** Different states: 1 … 2147483646. */
const STATES = 2_147_483_646;

/** The scalar reference of `minstd-rand.as.ts`: minstd_rand and the numbers that libstdc++ draws with it. */
export class MinstdRand {
  #state = 1;

  /** libstdc++ seeds with the value modulo 2³¹ − 1, and with 1 when that is 0. */
  seed(value: number): void {
    this.#state = startOfSequence(value);
  }

  /** Uniform in [0, 1). */
  unit(): number {
    const low = this.#step() - 1;
    return (low + (this.#step() - 1) * STATES) / (STATES * STATES);
  }

  /** 0 … count − 1. */
  below(count: number): number {
    const scale = Math.floor(2_147_483_645 / count);
    let draw: number;
    do draw = this.#step() - 1;
    while (draw >= scale * count);
    return Math.floor(draw / scale);
  }

  #step(): number {
    // Exact in doubles: 48271 · 2³¹ < 2⁵³.
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state;
  }
}

/** The state that a seed stands for. */
export function startOfSequence(seed: number): number {
  return seed % 2_147_483_647 || 1;
}
