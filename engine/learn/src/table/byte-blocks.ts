import type { DataError } from "../algorithm.ts";
import type { SlicedWork } from "./sliced-work.ts";
import type { TableFile } from "./table-file.ts";

/** Bytes of a file from `start` up to `end`: whole records and the beginning of one. There is room for two bytes at `end`. */
export interface ByteBlock {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface BlockOptions {
  /** A record that is longer is refused, before that much is kept. */
  readonly maximumRecordBytes: number;
  /** The refusal. */
  tooLong(): DataError;
}

const SPARE = 2;

/**
 * Feeds a file block by block to `consume`, which returns where the first record begins that the block does not end; that rest begins the next block.
 * Returns what is left at the end of the file.
 */
export async function forEachByteBlock(
  file: TableFile,
  { maximumRecordBytes, tooLong }: BlockOptions,
  consume: (block: ByteBlock) => number,
): Promise<ByteBlock> {
  let bytes: Uint8Array = new Uint8Array(0);
  let start = 0;
  let end = 0;
  for await (const chunk of file.chunks) {
    const rest = end - start;
    const needed = rest + chunk.length + SPARE;
    if (bytes.length < needed) {
      const larger = new Uint8Array(Math.max(needed, rest * 2));
      larger.set(bytes.subarray(start, end));
      bytes = larger;
    } else {
      bytes.copyWithin(0, start, end);
    }
    bytes.set(chunk, rest);
    end = rest + chunk.length;
    start = consume({ bytes, start: 0, end });
    if (end - start > maximumRecordBytes) throw tooLong();
  }
  return { bytes: bytes.length === 0 ? new Uint8Array(SPARE) : bytes, start, end };
}

/** So many bytes are read within a few milliseconds. */
const SLICE_BYTES = 2 ** 18;

/**
 * Feeds what is in memory slice by slice to `consume`, as `forEachByteBlock` does; returns what is left at the end. `endOf` moves the end of a slice to
 * where one may be.
 */
export function* forEachSlice(
  { bytes, start: first, end }: ByteBlock,
  consume: (block: ByteBlock) => number,
  endOf: (position: number) => number = (position) => position,
): SlicedWork<ByteBlock> {
  let start = first;
  let length = SLICE_BYTES;
  while (start < end) {
    const sliceEnd = start + length < end ? endOf(start + length) : end;
    const next = consume({ bytes, start, end: sliceEnd });
    if (next === start) {
      if (sliceEnd === end) break;
      // A record that is longer than the slice.
      length *= 2;
    }
    start = next;
    if (start < end) yield;
  }
  return { bytes, start, end };
}
