import type { Opinion } from "../data/opinion.ts";

/** Thirds of the hold-out's product opinions, roughly, in tokens; the last one is mostly films. */
const MEDIUM_FROM = 8;
const LONG_FROM = 16;

/** The parts of the hold-out on which a model may not become worse unseen: what the text is about, and how much of it there is. */
export function slicesOf({ domain }: Pick<Opinion, "domain">, normalised: string): string[] {
  const tokens = normalised.split(" ").length;
  const length = tokens < MEDIUM_FROM ? "short" : tokens < LONG_FROM ? "medium" : "long";
  return [...(domain === "" ? [] : [`domain=${domain}`]), `length=${length}`];
}
