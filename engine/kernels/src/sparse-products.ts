import type { SparseRows } from "./sparse-rows.ts";

/** left · right, of which each row keeps its largest entries. No value is negative; what sums up to 0 is no entry. */
export interface SparseProduct {
  readonly left: SparseRows;
  readonly right: SparseRows;
  /** Of each row and column of the product. */
  readonly rowTerms: Float32Array;
  readonly columnTerms: Float32Array;
  /** `scaled`: sum · row term · column term. `jaccard`: sum ÷ (row term + column term − sum). */
  readonly score: "scaled" | "jaccard";
  /** Entries whose sum is below it are dropped. */
  readonly minimum: number;
  readonly keepDiagonal: boolean;
  /** Entries that a row keeps. */
  readonly count: number;
}

/** The kept entries of the product, each row's in descending order. The scalar reference of `multiplySparse`. */
export function multiplySparseScalar(product: SparseProduct): SparseRows {
  const { left, right, count } = product;
  const starts = new Uint32Array(left.rows + 1);
  const kept: { readonly column: number; readonly score: number }[] = [];
  for (let row = 0; row < left.rows; row += 1) {
    const scored = [...sumRow(product, row)]
      .filter(([column, sum]) => sum >= product.minimum && (column !== row || product.keepDiagonal))
      .map(([column, sum]) => ({ column, score: scoreOf(product, row, column, sum) }));
    scored.sort((a, b) => b.score - a.score || a.column - b.column);
    kept.push(...scored.slice(0, count));
    starts[row + 1] = kept.length;
  }
  const columnIndexes = Uint32Array.from(kept, ({ column }) => column);
  const values = Float32Array.from(kept, ({ score }) => score);
  return { rows: left.rows, columns: right.columns, starts, columnIndexes, values };
}

/** Sums by column, in the order in which the kernel adds. */
function sumRow({ left, right }: SparseProduct, row: number): Map<number, number> {
  const sums = new Map<number, number>();
  for (let entry = left.starts[row]; entry < left.starts[row + 1]; entry += 1) {
    const factor = left.values?.[entry] ?? 1;
    const source = left.columnIndexes[entry];
    for (let other = right.starts[source]; other < right.starts[source + 1]; other += 1) {
      const column = right.columnIndexes[other];
      const value = Math.fround(factor * (right.values?.[other] ?? 1));
      if (value === 0) continue;
      sums.set(column, Math.fround((sums.get(column) ?? 0) + value));
    }
  }
  return sums;
}

function scoreOf({ rowTerms, columnTerms, score }: SparseProduct, row: number, column: number, sum: number): number {
  const rowTerm = rowTerms[row];
  const columnTerm = columnTerms[column];
  if (score === "scaled") return Math.fround(Math.fround(sum * rowTerm) * columnTerm);
  return Math.fround(sum / Math.fround(Math.fround(rowTerm + columnTerm) - sum));
}
