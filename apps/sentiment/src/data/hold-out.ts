import { normaliseText } from "../normalise-text.ts";
import type { Opinion } from "./opinion.ts";
import { hashOfText } from "./text-hash.ts";

/** A share as a convention: a fifth to judge, as in the figures that we compare with. */
const HOLD_OUT_SHARE = 0.2;
/** The next part, to look at while developing. */
const DEVELOPMENT_SHARE = 0.08;

export type Part = "hold-out" | "development" | "training";

/** The part that a position of the purpose `part` belongs to. */
export function partAt(position: number): Part {
  if (position < HOLD_OUT_SHARE) return "hold-out";
  return position < HOLD_OUT_SHARE + DEVELOPMENT_SHARE ? "development" : "training";
}

/** The texts of a hold-out, by hash: what training data is checked against without seeing texts or labels. One hash a line. */
export function formatTextHashes(opinions: readonly Opinion[]): string {
  return [...new Set(opinions.map(({ text }) => `${hashOfText(normaliseText(text))}\n`))].sort().join("");
}

/** Throws for a file that holds something else. */
export function parseTextHashes(file: string): ReadonlySet<string> {
  const hashes = file.split("\n").filter((line) => line !== "");
  const damaged = hashes.findIndex((hash) => !/^[0-9a-f]{16}$/.test(hash));
  if (damaged >= 0)
    throw new Error(`Line ${damaged + 1} of the hold-out's hashes is "${hashes[damaged]?.slice(0, 40)}".`);
  return new Set(hashes);
}
