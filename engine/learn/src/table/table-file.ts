import { DataError } from "../algorithm.ts";

/** A file of a table: what messages call it, and its bytes in pieces of any length. */
export interface TableFile {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Where it is known, memory is reserved once. */
  readonly byteLength?: number;
}

/** The files of a table in order; each is opened when the one before was read. */
export type TableFiles = AsyncIterable<TableFile> | Iterable<TableFile>;

/** What somebody finds in the file: `train/a.csv, line 3, column 2: "abc" is not a number.` Lines and columns count from 1. */
export interface DataLocation {
  readonly file: string;
  readonly line?: number;
  readonly record?: number;
  readonly column?: number;
}

/** A DataError that begins with the place. */
export function dataErrorAt({ file, line, record, column }: DataLocation, text: string): DataError {
  const places = [
    line === undefined ? "" : `, line ${line}`,
    record === undefined ? "" : `, record ${record}`,
    column === undefined ? "" : `, column ${column}`,
  ];
  return new DataError(`${file}${places.join("")}: ${text}`);
}

/** Longer values are cut in messages. */
const QUOTED_CHARACTERS = 60;

/** A value for a message, in quotes and not too long. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > QUOTED_CHARACTERS ? `${value.slice(0, QUOTED_CHARACTERS)}…` : value);
}
