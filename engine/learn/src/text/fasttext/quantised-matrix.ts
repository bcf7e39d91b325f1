import { FormatError } from "../../algorithm.ts";
import type { ByteReader } from "../byte-reader.ts";
import { type EmbeddingMatrix, setRow } from "./embedding-matrix.ts";
import { CENTROIDS, centroidOf, type ProductQuantiser, quantiserShape } from "./product-quantiser.ts";

/**
 * A matrix of which each row is kept as one byte per part of its columns (Joulin et al., "FastText.zip", 2016), and
 * optionally one for its length.
 */
export interface QuantisedMatrix {
  readonly rows: number;
  readonly dim: number;
  /** One code per row and part. */
  readonly codes: Uint8Array;
  readonly quantiser: ProductQuantiser;
  readonly norms?: { readonly codes: Uint8Array; readonly quantiser: ProductQuantiser };
}

/** As fastText writes it: a byte 1 for "quantised", whether lengths are kept apart, the size, codes and centroids. */
export function* encodeQuantisedMatrix({ rows, dim, codes, quantiser, norms }: QuantisedMatrix): Generator<Uint8Array> {
  const head = Buffer.alloc(22);
  head[0] = 1;
  head[1] = norms === undefined ? 0 : 1;
  head.writeBigInt64LE(BigInt(rows), 2);
  head.writeBigInt64LE(BigInt(dim), 10);
  head.writeInt32LE(codes.length, 18);
  yield head;
  yield codes;
  yield encodeQuantiser(quantiser);
  if (norms === undefined) return;
  yield norms.codes;
  yield encodeQuantiser(norms.quantiser);
}

function encodeQuantiser({ dim, parts, width, lastWidth, centroids }: ProductQuantiser): Uint8Array {
  const bytes = Buffer.alloc(16 + centroids.byteLength);
  for (const [index, value] of [dim, parts, width, lastWidth].entries()) bytes.writeInt32LE(value, index * 4);
  bytes.set(new Uint8Array(centroids.buffer, centroids.byteOffset, centroids.byteLength), 16);
  return bytes;
}

/** Reads what `encodeQuantisedMatrix` writes behind its first byte. */
export async function decodeQuantisedMatrix(
  reader: ByteReader,
  { rows, dim }: { readonly rows: number; readonly dim: number },
): Promise<QuantisedMatrix> {
  await reader.need(21);
  const withNorms = reader.byte() !== 0;
  const sized = reader.int64() === rows && reader.int64() === dim;
  const length = reader.int32();
  if (!sized || length < 0 || length > reader.remaining || length % Math.max(1, rows) !== 0) {
    throw new FormatError(
      `The fastText model is damaged or cut off: a quantised matrix of ${rows} × ${dim} was expected.`,
    );
  }
  await reader.need(length);
  const codes = Uint8Array.from(reader.bytes(length));
  const quantiser = await decodeQuantiser(reader, dim);
  if (codes.length !== rows * quantiser.parts) throw new FormatError("The codes of the fastText model are damaged.");
  if (!withNorms) return { rows, dim, codes, quantiser };
  await reader.need(rows);
  const normCodes = Uint8Array.from(reader.bytes(rows));
  return { rows, dim, codes, quantiser, norms: { codes: normCodes, quantiser: await decodeQuantiser(reader, 1) } };
}

async function decodeQuantiser(reader: ByteReader, columns: number): Promise<ProductQuantiser> {
  await reader.need(16);
  const [dim, parts, width, lastWidth] = reader.int32s(4);
  const shape = quantiserShape(dim, width);
  if (dim !== columns || shape.parts !== parts || shape.lastWidth !== lastWidth) {
    throw new FormatError("The centroids of the fastText model are damaged.");
  }
  await reader.need(dim * CENTROIDS * 4);
  const centroids = reader.float32s(dim * CENTROIDS);
  if (!centroids.every(Number.isFinite)) throw new FormatError("The fastText model holds numbers that are not finite.");
  return { ...shape, centroids };
}

/** The rows that the codes stand for. */
export function dequantise(quantised: QuantisedMatrix, matrix: EmbeddingMatrix): void {
  const { rows, dim, codes, quantiser, norms } = quantised;
  const { parts, width } = quantiser;
  const values = new Float32Array(dim);
  for (let row = 0; row < rows; row++) {
    const norm = norms === undefined ? 1 : centroidOf(norms.quantiser, 0, norms.codes[row])[0];
    for (let part = 0; part < parts; part++) {
      const centroid = centroidOf(quantiser, part, codes[row * parts + part]);
      for (let column = 0; column < centroid.length; column++) values[part * width + column] = norm * centroid[column];
    }
    setRow(matrix, row, values);
  }
}
