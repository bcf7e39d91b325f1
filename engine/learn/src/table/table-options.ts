/** What the columns of a file mean. */
export interface TableOptions {
  /** How many columns at the front are labels: 1, or 0 where nothing is to be predicted (AWS's `label_size`). Default 1. */
  readonly labelColumns?: 0 | 1;
  /** After the label comes a column with the row's weight (AWS's `csv_weights`). Default false. */
  readonly weightColumn?: boolean;
  /** After label and weight comes a column with the row's group; rows of a group follow each other. Default false. */
  readonly groupColumn?: boolean;
  /**
   * Which columns of features (from 0) hold categories, that is texts, which become the numbers of the sorted distinct values; or "text": every column
   * whose first value that is not missing is no number. Default: none, and a text is an error.
   */
  readonly categories?: readonly number[] | "text";
  /** How many columns of features there must be; default: as many as the first row has. */
  readonly columns?: number;
}

/** More columns than this are refused in dense formats; wider data are sparse. */
export const MAXIMUM_COLUMNS = 1_000_000;
/** Beyond it a number is infinite in 32 bits. */
export const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

const MISSING = new Set(["", "nan", "na", "null"]);

/** Empty, NaN, NA or null, in capitals or not. */
export function isMissing(text: string): boolean {
  return text.length <= 4 && MISSING.has(text.toLowerCase());
}
