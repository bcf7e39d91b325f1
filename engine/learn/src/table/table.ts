import type { Matrix } from "./matrix.ts";

/** Examples to learn from or to be judged by. All arrays have one entry per row. */
export interface Table {
  readonly features: Matrix;
  /** A number to predict, or the number of a class from 0. Absent where nothing is predicted (clustering). */
  readonly labels?: Float32Array;
  /** How much each row counts; absent = 1. Not negative. */
  readonly weights?: Float32Array;
  /** The group (query) of each row, ascending without gaps from 0: rows are ranked within their group. */
  readonly groups?: Uint32Array;
  /** Survival: the label is only known to lie between these; an upper bound may be infinite. */
  readonly bounds?: { readonly lower: Float32Array; readonly upper: Float32Array };
  /** Of the columns. */
  readonly names?: readonly string[];
  /** For each column that holds the numbers of categories, their texts; undefined for numbers. */
  readonly categories?: readonly (readonly string[] | undefined)[];
}

/** What a supervised algorithm of tables is given. */
export interface TableData {
  readonly train: Table;
  /** Judged after each round or epoch, in this order; early stopping looks at the last. */
  readonly evaluated?: readonly { readonly name: string; readonly table: Table }[];
}
