import { DataError } from "../algorithm.ts";
import { type ByteBlock, forEachByteBlock } from "./byte-blocks.ts";
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

/** All of a file that is in memory, as one block. */
export function onlyLineBlock(bytes: Uint8Array): ByteBlock {
  const terminated = new Uint8Array(bytes.length + 2).fill(NEWLINE, bytes.length);
  terminated.set(bytes);
  return { bytes: terminated, start: 0, end: bytes.length + 1 };
}

function prefixLength(file: TableFile, bytes: Uint8Array): number {
  if (GZIP.every((byte, index) => bytes[index] === byte)) {
    throw dataErrorAt({ file: file.name }, "the file is compressed (gzip); text is expected.");
  }
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0;
}
