import { DataError } from "../algorithm.ts";
import { type ByteBlock, forEachByteBlock, forEachSlice } from "./byte-blocks.ts";
import type { SlicedWork } from "./sliced-work.ts";
import { dataErrorAt, type TableFile } from "./table-file.ts";

const NEWLINE = 0x0a;
const GZIP = [0x1f, 0x8b];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** A line longer than this is no line of a table. */
const MAXIMUM_LINE_BYTES = 2 ** 24;

/** As `forEachByteBlock`, with a newline at each block's end, so that scans stop there, and one after the last record, also where the file has none. */
export async function forEachLineBlock(file: TableFile, consume: (block: ByteBlock) => number): Promise<void> {
  let isFirst = true;
  const options = {
    maximumRecordBytes: MAXIMUM_LINE_BYTES,
    tooLong: () =>
      new DataError(`${file.name}: a line is longer than ${MAXIMUM_LINE_BYTES} bytes; is a quote not closed?`),
  };
  const rest = await forEachByteBlock(file, options, ({ bytes, end }) => {
    if (isFirst && end < BYTE_ORDER_MARK.length) return 0;
    const start = isFirst ? prefixLength(file, bytes) : 0;
    isFirst = false;
    bytes[end] = NEWLINE;
    return consume({ bytes, start, end });
  });
  const { bytes, start, end } = rest;
  if (start === end) return;
  bytes[end] = NEWLINE;
  bytes[end + 1] = NEWLINE;
  if (consume({ bytes, start, end: end + 1 }) <= end) {
    throw new DataError(`${file.name}: the file ends within quotes.`);
  }
}

/** The same for what is in memory. */
export function* forEachLineSlice(
  name: string,
  content: Uint8Array,
  consume: (block: ByteBlock) => number,
): SlicedWork<void> {
  const bytes = new Uint8Array(content.length + 2).fill(NEWLINE, content.length);
  bytes.set(content);
  const whole = { bytes, start: prefixLength({ name }, bytes), end: content.length + 1 };
  // Where a newline is, it ends the slice as the one at the end of a block does; the record before it is read again.
  const { start, end } = yield* forEachSlice(whole, consume, (position) => bytes.indexOf(NEWLINE, position));
  if (start < end) throw new DataError(`${name} ends within quotes.`);
}

function prefixLength(file: Pick<TableFile, "name">, bytes: Uint8Array): number {
  if (GZIP.every((byte, index) => bytes[index] === byte)) {
    throw dataErrorAt({ file: file.name }, "the file is compressed (gzip); text is expected.");
  }
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0;
}
