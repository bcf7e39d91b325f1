import type { SparseRows } from "../sparse-rows.ts";

/** A sparse matrix for tests that the seed decides, with positive values. */
export function randomRows({
  rows,
  columns,
  density,
  seed,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly density: number;
  readonly seed: number;
}): SparseRows & { readonly values: Float32Array } {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const starts = new Uint32Array(rows + 1);
  const columnIndexes: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) if (random() < density) columnIndexes.push(column);
    starts[row + 1] = columnIndexes.length;
  }
  const values = Float32Array.from(columnIndexes, () => 0.5 + random());
  return { rows, columns, starts, columnIndexes: Uint32Array.from(columnIndexes), values };
}
