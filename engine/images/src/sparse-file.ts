import { open } from "node:fs/promises";

const PAGE = Buffer.alloc(4096);

/**
 * Writes a file of which large parts may be zero, leaving those parts out where the file system can (holes): a model
 * with two million buckets has few that were ever learned.
 */
export async function writeSparseFile(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  await using file = await open(path, "w");
  let position = 0;
  for (const piece of pieces) {
    let start = 0;
    while (start < piece.length) {
      let end = start;
      while (end < piece.length && !isZeroPage(piece, end)) end += PAGE.length;
      end = Math.min(end, piece.length);
      if (end > start) await file.write(piece, start, end - start, position + start);
      start = end;
      while (start < piece.length && isZeroPage(piece, start)) start += PAGE.length;
    }
    position += piece.length;
  }
  await file.truncate(position);
}

function isZeroPage(bytes: Uint8Array, start: number): boolean {
  const end = Math.min(start + PAGE.length, bytes.length);
  return PAGE.compare(bytes, start, end, 0, end - start) === 0;
}
