import { createReadStream } from "node:fs";
import { CsvError, type Options, parse } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { Opinion } from "./opinion.ts";

/** A file or a row that is not as it should be; the message is for the person who brought it. */
export class OpinionFormatError extends Error {
  override readonly name = "OpinionFormatError";
}

/** Characters in one row: a text of some pages. A quotation mark that is never closed would otherwise swallow the file. */
const MOST_ROW_CHARACTERS = 100_000;

/** What BlazingText's and fastText's label prefix can carry: one word. */
const LABEL = /^\S{1,64}$/;

const OPTIONS = {
  bom: true,
  columns: readHeader,
  info: true,
  max_record_size: MOST_ROW_CHARACTERS,
  skip_empty_lines: true,
} satisfies Options;

interface ParsedRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function readHeader(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  for (const name of ["text", "label"]) {
    if (!names.includes(name)) {
      throw new OpinionFormatError(
        `The CSV file has no column "${name}". Its first line should name text, label and, if known, domain; it is: ${header.join(",").slice(0, 200)}`,
      );
    }
  }
  return names;
}

function readRow({ record, info }: ParsedRow): Opinion {
  const { text = "", label = "", domain = "" } = record;
  if (!LABEL.test(label)) {
    throw new OpinionFormatError(
      `The label of the row that ends in line ${info.lines} is "${label.slice(0, 70)}". It should be one word.`,
    );
  }
  return { text, label, domain };
}

function explain(error: unknown): unknown {
  return error instanceof CsvError
    ? new OpinionFormatError(`The CSV file is damaged: ${error.message}`, { cause: error })
    : error;
}

/**
 * The opinions of a CSV file as RFC 4180 has it, UTF-8, with a header: `text` and `label` are needed, `domain` may be there, other columns are ignored.
 * Throws OpinionFormatError.
 */
export function parseOpinions(csv: string | Buffer): Opinion[] {
  try {
    return (parseSync(csv, OPTIONS) as unknown as ParsedRow[]).map(readRow);
  } catch (error) {
    throw explain(error);
  }
}

/** The same, row by row out of a file of any size. */
export async function* readOpinions(path: string, signal?: AbortSignal): AsyncGenerator<Opinion> {
  const rows = createReadStream(path, { signal }).pipe(parse(OPTIONS));
  try {
    for await (const row of rows) yield readRow(row as ParsedRow);
  } catch (error) {
    throw explain(error);
  }
}

/** The opinions as such a file, header included. */
export function formatOpinions(opinions: readonly Opinion[]): string {
  return stringify([...opinions], { header: true, columns: ["text", "label", "domain"] });
}
