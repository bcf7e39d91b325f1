import { normaliseText } from "../normalise-text.ts";
import { parseOpinions } from "./opinion-csv.ts";
import { hashOfContent, hashOfText } from "./text-hash.ts";

/** A share as a convention: a fifth to judge, as in the figures that we compare with. */
const HOLD_OUT_SHARE = 0.2;
/** The next part, to look at while developing. */
const DEVELOPMENT_SHARE = 0.08;

/** What training may know of the hold-out: enough to keep out of its way, and nothing to learn from. */
export interface HoldOutManifest {
  /** SHA-256 of the CSV file: which hold-out it is. */
  readonly sha256: string;
  readonly rows: number;
  /** Sorted. */
  readonly labels: readonly string[];
  /** `hashOfText` of each normalised text, sorted. */
  readonly textHashes: readonly string[];
}

/** The part that a position of the purpose `part` belongs to. */
export function partAt(position: number): "hold-out" | "development" | "training" {
  if (position < HOLD_OUT_SHARE) return "hold-out";
  return position < HOLD_OUT_SHARE + DEVELOPMENT_SHARE ? "development" : "training";
}

/** Throws OpinionFormatError for a file that is none, Error when a text is there twice: its rows would not be independent. */
export function describeHoldOut(csv: Buffer): HoldOutManifest {
  const opinions = parseOpinions(csv);
  const textHashes = new Set(opinions.map(({ text }) => hashOfText(normaliseText(text))));
  if (textHashes.size < opinions.length) {
    throw new Error(`The hold-out has ${opinions.length} rows, but only ${textHashes.size} different texts.`);
  }
  return {
    sha256: hashOfContent(csv),
    rows: opinions.length,
    labels: [...new Set(opinions.map(({ label }) => label))].sort(),
    textHashes: [...textHashes].sort(),
  };
}
