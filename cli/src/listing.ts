import { CliError } from "./cli-error.ts";
import { type CliOption, type Invocation, textOption } from "./command.ts";
import type { Column } from "./table.ts";

const DEFAULT_LIMIT = 20;
/** What AWS's lists give at most. */
const LARGEST_PAGE = 100;

/** The option of every command that lists. */
export const limitOption: CliOption = {
  flags: "--limit <number>",
  description: "at most so many",
  default: String(DEFAULT_LIMIT),
};

/** A list as AWS pages it, and how its rows are shown. */
export interface Listing<Page, Row> {
  readonly pages: (pageSize: number) => AsyncIterable<Page>;
  readonly rowsOf: (page: Page) => readonly Row[] | undefined;
  readonly columns: readonly Column<Row>[];
  /** Said on a terminal when there is no row. */
  readonly empty: string;
}

/** Prints the first rows, as many as --limit says; pages beyond them are not asked for. A terminal is told when there are more. */
export async function printListing<Page, Row>(invocation: Invocation, listing: Listing<Page, Row>): Promise<void> {
  const { output } = invocation;
  const limit = readLimit(textOption(invocation, "limit") ?? String(DEFAULT_LIMIT));
  const rows: Row[] = [];
  // One more than is shown tells whether there are more.
  for await (const page of listing.pages(Math.min(limit + 1, LARGEST_PAGE))) {
    rows.push(...(listing.rowsOf(page) ?? []));
    if (rows.length > limit) break;
  }
  output.rows(rows.slice(0, limit), listing.columns, listing.empty);
  if (rows.length > limit && output.isTerminal) output.write(`There are more: --limit ${limit * 5}\n`);
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new CliError("usage", `--limit is "${text}". It should be a whole number from 1.`);
  }
  return limit;
}
