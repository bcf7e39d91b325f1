/** Of each frame, little-endian: magic number, length, the record, zeros up to a multiple of four bytes. */
export const MAGIC = 0xced7230a;

/** Of a record with the zeros behind it. */
export function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}
