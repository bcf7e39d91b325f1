import { DataError } from "../algorithm.ts";

/** A file of a table. */
export interface TableFile {
  /** What messages call it. */
  readonly name: string;
  /** Its bytes in pieces of any length; opened when the file before was read. */
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Where it is known, memory is reserved at once. */
  readonly byteLength?: number;
}

/** How long the files are together, as far as that is known; by it memory is reserved. */
export function totalBytes(files: readonly TableFile[]): number {
  return files.reduce((total, { byteLength = 0 }) => total + byteLength, 0);
}

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
