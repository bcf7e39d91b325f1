import { DataError } from "../algorithm.ts";
import { dataErrorAt, type TableFile } from "./table-file.ts";

const NEWLINE = 0x0a;
const GZIP = [0x1f, 0x8b];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** A line longer than this is no line of a table. */
export const MAXIMUM_LINE_BYTES = 2 ** 24;

/** Whole and begun records in `bytes` from `start` up to `end`; the byte at `end` is a newline, so that scans stop there. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Feeds a file block by block to `consume`, which returns where the first record begins that the block does not end;
 * that rest begins the next block. The last record ends with a newline, also where the file's does not.
 */
export async function forEachLineBlock(file: TableFile, consume: (block: LineBlock) => number): Promise<void> {
  let bytes: Uint8Array = new Uint8Array(0);
  let start = 0;
  let end = 0;
  let first = true;
  for await (const chunk of file.chunks) {
    if (chunk.length === 0) continue;
    const rest = end - start;
    if (bytes.length < rest + chunk.length + 2) {
      const larger = new Uint8Array(rest + chunk.length + 2);
      larger.set(bytes.subarray(start, end));
      bytes = larger;
    } else {
      bytes.copyWithin(0, start, end);
    }
    bytes.set(chunk, rest);
    start = 0;
    end = rest + chunk.length;
    if (first && end < BYTE_ORDER_MARK.length) continue;
    if (first) start = skipPrefix(file, bytes);
    first = false;
    bytes[end] = NEWLINE;
    start = consume({ bytes, start, end });
    if (end - start > MAXIMUM_LINE_BYTES) {
      throw new DataError(`${file.name}: a line is longer than ${MAXIMUM_LINE_BYTES} bytes; is a quote not closed?`);
    }
  }
  if (start === end) return;
  bytes[end] = NEWLINE;
  bytes[end + 1] = NEWLINE;
  const unread = consume({ bytes, start, end: end + 1 });
  if (unread <= end) throw new DataError(`${file.name}: the file ends within quotes.`);
}

function skipPrefix(file: TableFile, bytes: Uint8Array): number {
  if (GZIP.every((byte, index) => bytes[index] === byte)) {
    throw dataErrorAt({ file: file.name }, "the file is compressed (gzip); text is expected.");
  }
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0;
}

/** All of a file that is in memory, as one block. */
export function onlyLineBlock(bytes: Uint8Array): LineBlock {
  const terminated = new Uint8Array(bytes.length + 2).fill(NEWLINE, bytes.length);
  terminated.set(bytes);
  return { bytes: terminated, start: 0, end: bytes.length + 1 };
}
