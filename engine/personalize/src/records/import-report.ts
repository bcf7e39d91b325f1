/** What became of the rows of an import. */
export interface ImportReport {
  /** Imported. */
  readonly rows: number;
  readonly refused: number;
  /** Why rows were refused, the most frequent reason first. A row with several is counted by the first. */
  readonly refusals: readonly Refusal[];
}

export interface Refusal {
  /** `is missing`, `is not a whole number`: what a value is or has, or a line. */
  readonly reason: string;
  /** Absent where the line as a whole cannot be read. */
  readonly column?: string;
  readonly count: number;
  /** The first ones. */
  readonly examples: readonly RefusedRow[];
}

export interface RefusedRow {
  readonly file: string;
  /** Of the text file, from 1; the header is on line 1. */
  readonly line: number;
  /** The beginning of the value, or of the line. */
  readonly value?: string;
}

const MAX_REASONS = 3;

/**
 * `12 of 40 rows were refused. TIMESTAMP is not a whole number: 10 rows, first in clicks.csv, line 3: "yesterday".` Whose the row is stays in the file: the
 * sentence is kept where no erasure looks.
 */
export function describeRefusals({ rows, refused, refusals }: ImportReport): string {
  const reasons = refusals.slice(0, MAX_REASONS).map(({ column, reason, count, examples: [first] }) => {
    const subject = column === undefined ? "The line" : column;
    const isPersonal = column === undefined || column === "USER_ID";
    const value = isPersonal || first?.value === undefined ? "" : `: ${JSON.stringify(first.value)}`;
    const place = first === undefined ? "" : `, first in ${first.file}, line ${first.line}${value}`;
    return `${subject} ${reason}: ${count} ${count === 1 ? "row" : "rows"}${place}.`;
  });
  const more = refusals.length > MAX_REASONS ? ` And ${refusals.length - MAX_REASONS} more reasons.` : "";
  return `${refused} of ${rows + refused} rows were refused. ${reasons.join(" ")}${more}`;
}
