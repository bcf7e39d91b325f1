import { createHash } from "node:crypto";

/** 64 bits: among a million texts one false match in 37 million runs, and a false match only costs one row. */
const HASH_DIGITS = 16;

/** The identity of a normalised text, to recognise it without having it: the first 64 bits of its SHA-256 in hexadecimal. */
export function hashOfText(normalised: string): string {
  return createHash("sha256").update(normalised).digest("hex").slice(0, HASH_DIGITS);
}

/** A number in [0, 1) that depends on the text and the purpose alone, so that a split stays as it is when data is added. Purposes are independent. */
export function positionOfText(normalised: string, purpose: string): number {
  return createHash("sha256").update(purpose).update("\0").update(normalised).digest().readUInt32BE() / 2 ** 32;
}

/** The SHA-256 of a file's content in hexadecimal. */
export function hashOfContent(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
