import { createMemoryLayout } from "./memory-layout.ts";

/** How large the problems of one memory may be. */
export interface SparseLinearShape {
  readonly rows: number;
  readonly features: number;
  /** Entries of the largest matrix. */
  readonly entries: number;
  /** Matrices that are held at a time, each of `rows` rows. */
  readonly matrices: number;
  readonly threads: number;
}

/** A matrix in compressed rows, in shared memory; the caller fills it. */
export interface SparseLinearMatrix {
  /** How many there are, at most what the memory was taken for: only so many are looked at. */
  features: number;
  /** Of row i the entries `rowStarts[i]` to `rowStarts[i + 1]`. */
  readonly rowStarts: Uint32Array;
  readonly indexes: Uint32Array;
  readonly values: Float32Array;
  /** The scale of each feature, 0 or more; 1 leaves it as it is. */
  readonly scales: Float32Array;
}

/** One thread's arrays. */
export interface SparseLinearArea {
  /** 1, −1, or 0 for a row that is left out of the training and scored at the end; the caller fills them. */
  readonly signs: Int8Array;
  /** Weight and scale of each feature side by side; the even ones are the result. */
  readonly pairs: Float32Array;
  /** Of the rows whose sign is 0. */
  readonly scores: Float32Array;
  /** The bias and the number of passes. */
  readonly outcome: Float64Array;
  /** Byte addresses, in the order in which the kernel's `attach` takes them: pairs, ratios, signs, duals, order, diagonals, scores, outcome. */
  readonly addresses: readonly number[];
}

export interface SparseLinearMemory {
  readonly memory: WebAssembly.Memory;
  readonly matrices: readonly (SparseLinearMatrix & { readonly addresses: readonly number[] })[];
  readonly areas: readonly SparseLinearArea[];
}

/** Takes the memory that the problems need. Throws RangeError above 4 GiB. */
export function allocateSparseLinear(shape: SparseLinearShape): SparseLinearMemory {
  const { rows, features, entries, matrices, threads } = shape;
  const layout = createMemoryLayout();
  const matrixAddresses = Array.from({ length: matrices }, () => [
    layout.take((rows + 1) * 4),
    layout.take(entries * 4),
    layout.take(entries * 4),
    layout.take(features * 4),
  ]);
  const areaAddresses = Array.from({ length: threads }, () => [
    layout.take(features * 8),
    layout.take(features * 4),
    layout.take(rows),
    layout.take(rows * 16),
    layout.take(rows * 4),
    layout.take(rows * 8),
    layout.take(rows * 4),
    layout.take(16),
  ]);
  const memory = layout.allocate();
  const { buffer } = memory;
  return {
    memory,
    matrices: matrixAddresses.map((addresses) => {
      const [rowStarts = 0, indexes = 0, values = 0, scales = 0] = addresses;
      return {
        addresses,
        features,
        rowStarts: new Uint32Array(buffer, rowStarts, rows + 1),
        indexes: new Uint32Array(buffer, indexes, entries),
        values: new Float32Array(buffer, values, entries),
        scales: new Float32Array(buffer, scales, features),
      };
    }),
    areas: areaAddresses.map((addresses) => {
      const [pairs = 0, , signs = 0, , , , scores = 0, outcome = 0] = addresses;
      return {
        addresses,
        signs: new Int8Array(buffer, signs, rows),
        pairs: new Float32Array(buffer, pairs, features * 2),
        scores: new Float32Array(buffer, scores, rows),
        outcome: new Float64Array(buffer, outcome, 2),
      };
    }),
  };
}
