import { FormatError } from "../../algorithm.ts";
import type { ByteReader } from "../byte-reader.ts";

const PIECE_BYTES = 1 << 20;

/** Rows of float32, each `stride` floats behind the last. */
export interface EmbeddingMatrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly dim: number;
  readonly stride: number;
}

/** One row of the matrix, as a view. */
export function rowOf({ values, dim, stride }: EmbeddingMatrix, row: number): Float32Array {
  return values.subarray(row * stride, row * stride + dim);
}

/** A matrix as fastText writes it: a byte 0 for "not quantised", rows, columns, numbers. */
export function* encodeMatrix(matrix: EmbeddingMatrix): Generator<Uint8Array> {
  const { rows, dim } = matrix;
  const head = Buffer.alloc(17);
  head.writeBigInt64LE(BigInt(rows), 1);
  head.writeBigInt64LE(BigInt(dim), 9);
  yield head;
  const rowsPerPiece = Math.max(1, Math.floor(PIECE_BYTES / (dim * 4)));
  for (let row = 0; row < rows; row += rowsPerPiece) {
    const count = Math.min(rowsPerPiece, rows - row);
    const piece = new Float32Array(count * dim);
    for (let index = 0; index < count; index++) piece.set(rowOf(matrix, row + index), index * dim);
    yield new Uint8Array(piece.buffer);
  }
}

/** Reads the size of a matrix, behind its first byte, and checks that the file is long enough for it. */
export async function checkSize(
  reader: ByteReader,
  { rows, dim }: { readonly rows: number; readonly dim: number },
): Promise<void> {
  await reader.need(16);
  if (reader.int64() !== rows || reader.int64() !== dim || rows * dim * 4 > reader.remaining) {
    throw new FormatError(`The fastText model is damaged or cut off: a matrix of ${rows} × ${dim} was expected.`);
  }
}

/** Reads the numbers. Rows that are zero are left alone: new memory is zero already, and untouched pages cost nothing. */
export async function decodeRows(reader: ByteReader, matrix: EmbeddingMatrix): Promise<void> {
  const { rows, dim } = matrix;
  const rowsPerPiece = Math.max(1, Math.floor(PIECE_BYTES / (dim * 4)));
  for (let row = 0; row < rows; row += rowsPerPiece) {
    const count = Math.min(rowsPerPiece, rows - row);
    await reader.need(count * dim * 4);
    const values = reader.float32s(count * dim);
    for (let index = 0; index < count; index++)
      setRow(matrix, row + index, values.subarray(index * dim, (index + 1) * dim));
  }
}

/** Writes a row unless it is zero. Throws FormatError when it is not finite. */
export function setRow(matrix: EmbeddingMatrix, row: number, values: Float32Array): void {
  let column = 0;
  while (column < values.length && values[column] === 0) column++;
  if (column === values.length) return;
  if (!values.every(Number.isFinite)) throw new FormatError("The fastText model holds numbers that are not finite.");
  rowOf(matrix, row).set(values);
}
