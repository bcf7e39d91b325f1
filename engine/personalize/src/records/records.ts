/** Many records, column by column. */
export interface Records {
  readonly count: number;
  /** By the schema's names: `ITEM_ID`. Each column has `count` entries. */
  readonly columns: Readonly<Record<string, Column>>;
}

export type Column = TextColumn | NumberColumn;

/** Texts by dictionary; several categories of one record are one text, joined by `|`. */
export interface TextColumn {
  readonly kind: "text";
  /** Distinct, in the order in which they first occur. */
  readonly values: readonly string[];
  /** Of each record the place in `values`; −1 where it is missing. */
  readonly codes: Int32Array;
}

/** Numbers of every type; booleans are 0 and 1; TIMESTAMP and CREATION_TIMESTAMP are seconds since 1970. */
export interface NumberColumn {
  readonly kind: "number";
  /** NaN where it is missing. */
  readonly values: Float64Array;
}
