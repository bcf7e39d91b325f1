import type { DenseRows } from "@rondo/kernels";
import { createRandom } from "../random.ts";

/** A projection on fewer columns that nearly keeps distances (Johnson and Lindenstrauss 1984). */
export type ColumnReduction =
  | { readonly kind: "none" }
  | {
      readonly kind: "sign" | "fjlt";
      readonly seed: number;
      /** Columns before and after. */
      readonly columns: number;
      readonly reducedColumns: number;
    };

/**
 * `sign`: each new column is the sum of all old ones with random signs (Achlioptas 2003). `fjlt`: random signs, then a
 * Walsh–Hadamard transform, of whose columns some are drawn (Ailon and Chazelle 2006; sampled as in Tropp 2011): for d columns
 * some d · log d instead of d · d′ additions.
 */
export function reduceColumns(reduction: ColumnReduction, rows: DenseRows): DenseRows {
  if (reduction.kind === "none") return rows;
  const { reducedColumns } = reduction;
  const project = projectionOf(reduction);
  const values = new Float32Array(rows.rows * reducedColumns);
  for (let row = 0; row < rows.rows; row++) {
    const given = rows.values.subarray(row * rows.columns, (row + 1) * rows.columns);
    project(given, values.subarray(row * reducedColumns, (row + 1) * reducedColumns));
  }
  return { rows: rows.rows, columns: reducedColumns, values };
}

/** Drawing the signs takes as long as many rows: a model that answers one row at a time draws them once. */
const projections = new WeakMap<Reduction, Projection>();

function projectionOf(reduction: Reduction): Projection {
  const known = projections.get(reduction);
  if (known !== undefined) return known;
  const project = reduction.kind === "sign" ? projectBySigns(reduction) : projectByHadamard(reduction);
  projections.set(reduction, project);
  return project;
}

type Projection = (given: Float32Array, projected: Float32Array) => void;
type Reduction = Exclude<ColumnReduction, { readonly kind: "none" }>;

function projectBySigns({ seed, columns, reducedColumns }: Reduction): Projection {
  const signs = drawSigns(seed, columns * reducedColumns);
  const scale = 1 / Math.sqrt(reducedColumns);
  return (given, projected) => {
    for (let target = 0; target < reducedColumns; target++) {
      let sum = 0;
      for (let column = 0; column < columns; column++) sum += given[column] * signs[target * columns + column];
      projected[target] = sum * scale;
    }
  };
}

function projectByHadamard({ seed, columns, reducedColumns }: Reduction): Projection {
  const length = 2 ** Math.ceil(Math.log2(columns));
  const signs = drawSigns(seed, columns);
  const random = createRandom(seed, 1);
  const kept = Uint32Array.from({ length: reducedColumns }, () => random.below(length));
  const scale = 1 / Math.sqrt(reducedColumns);
  const mixed = new Float64Array(length);
  return (given, projected) => {
    mixed.fill(0);
    for (let column = 0; column < columns; column++) mixed[column] = given[column] * signs[column];
    for (let half = 1; half < length; half *= 2) {
      for (let start = 0; start < length; start += 2 * half) {
        for (let place = start; place < start + half; place++) {
          const [left, right] = [mixed[place], mixed[place + half]];
          mixed[place] = left + right;
          mixed[place + half] = left - right;
        }
      }
    }
    for (let target = 0; target < reducedColumns; target++) projected[target] = mixed[kept[target]] * scale;
  };
}

function drawSigns(seed: number, count: number): Int8Array {
  const random = createRandom(seed);
  return Int8Array.from({ length: count }, () => (random.uint32() & 1 ? 1 : -1));
}
