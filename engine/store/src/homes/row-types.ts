import pg from "pg";

const int8 = 20;
const numeric = 1700;
const int8Array = 1016;
const numericArray = 1231;

const float8Array = 1022;

/** pg's own typings list the scalar types only. */
const standardParser = pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown;

/**
 * How result columns become JavaScript values. node-postgres leaves int8 and numeric as text, because they can exceed 2^53; ours count rows,
 * bytes and milliseconds, which do not.
 */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (format !== "binary") {
      if (oid === int8 || oid === numeric) return Number;
      if (oid === int8Array || oid === numericArray) return standardParser(float8Array);
    }
    return standardParser(oid, format);
  },
};
