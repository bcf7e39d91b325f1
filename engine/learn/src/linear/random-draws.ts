import type { Random } from "@rondo/statistics";

/** 0 … count − 1 in random order (Fisher and Yates). */
export function shuffle(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last];
    order[last] = order[other];
    order[other] = moved;
  }
  return order;
}

/** A number of the standard normal distribution (Box and Muller 1958). */
export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
