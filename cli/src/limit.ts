import { CliError } from "./cli-error.ts";

/** Reads --limit: how many rows are shown at most. */
export function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new CliError("usage", `--limit is "${text}". It should be a whole number from 1.`);
  }
  return limit;
}

/** The first `limit` rows of a paged answer; pages beyond them are not asked for. */
export async function takeRows<Page, Row>(
  pages: AsyncIterable<Page>,
  rowsOf: (page: Page) => readonly Row[] | undefined,
  limit: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) {
    rows.push(...(rowsOf(page) ?? []));
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}
