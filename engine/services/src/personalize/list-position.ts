import { awsError } from "@rondo/wire";
import { readPageToken, writePageToken } from "../page-token.ts";

/** Where a page of a list that is in memory begins. Throws InvalidNextTokenException. */
export function readPosition(nextToken: string | undefined): number {
  const refuse = () => awsError("InvalidNextTokenException", "The token is not valid.");
  return readPageToken(nextToken, isPosition, refuse)?.start ?? 0;
}

/** The token of the page after one that ends at `end`; undefined after the last. */
export function writePosition(end: number, length: number): string | undefined {
  return end < length ? writePageToken({ start: end }) : undefined;
}

function isPosition(value: Partial<{ start: number }>): value is { start: number } {
  return Number.isSafeInteger(value.start) && (value.start ?? -1) >= 0;
}
