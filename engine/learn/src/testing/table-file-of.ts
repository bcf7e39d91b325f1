import type { TableFile } from "../table/table-file.ts";

/** A file in memory that comes in pieces of so many bytes. */
export function tableFileOf(name: string, content: string | Uint8Array, pieceBytes: number): TableFile {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, piece) =>
    bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes),
  );
  return { name, chunks: pieces, byteLength: bytes.length };
}
