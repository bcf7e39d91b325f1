import { MAX_LINE_BYTES, type Output } from "./executor.ts";

const NEWLINE = 0x0a;

/**
 * Cuts a piece of output into lines. Without `final` an unfinished line at the end is left for the next time. The offset of the result counts
 * from the start of `bytes`.
 *
 * A NUL becomes U+FFFD, since neither CloudWatch Logs nor PostgreSQL's text can hold one; so do bytes that are not UTF-8.
 */
export function splitLines(bytes: Buffer, final: boolean): Output {
  const lines: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    if (end - start > MAX_LINE_BYTES) {
      const cut = characterBoundary(bytes, start + MAX_LINE_BYTES);
      lines.push(decode(bytes.subarray(start, cut)));
      start = cut;
    } else if (newline !== -1) {
      lines.push(decode(bytes.subarray(start, end)));
      start = newline + 1;
    } else if (final) {
      lines.push(decode(bytes.subarray(start)));
      start = bytes.length;
    } else break;
  }
  return { lines, offset: start };
}

/** The last position at or before `position` where no UTF-8 character is cut in two. */
function characterBoundary(bytes: Buffer, position: number): number {
  for (let back = 0; back < 4; back += 1) {
    const byte = bytes[position - back];
    const isContinuation = byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
    if (!isContinuation) return position - back;
  }
  return position;
}

function decode(bytes: Buffer): string {
  const text = bytes.toString("utf8").replaceAll("\0", "\uFFFD");
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
