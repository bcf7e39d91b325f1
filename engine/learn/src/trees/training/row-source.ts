import type { RowSource } from "@rondo/kernels";
import type { Matrix } from "../../table/matrix.ts";

/** Rows of a matrix one after the other, without a copy of the whole. */
export function createRowSource(matrix: Matrix): RowSource {
  const { columns } = matrix;
  if (matrix.kind === "dense") {
    return { copyRows: (from, to, target) => target.set(matrix.values.subarray(from * columns, to * columns)) };
  }
  const { rowStarts, columnIndexes, values, absent } = matrix;
  return {
    copyRows(from, to, target) {
      target.fill(absent === "missing" ? Number.NaN : 0, 0, (to - from) * columns);
      for (let row = from; row < to; row += 1) {
        const start = (row - from) * columns;
        for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry += 1) {
          target[start + columnIndexes[entry]] = values[entry];
        }
      }
    },
  };
}
