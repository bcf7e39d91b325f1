import { open } from "node:fs/promises";
import { DataError } from "@rondo/learn";
import type { DatasetSchema } from "../schema/dataset-schema.ts";

/** A CSV file, and how messages call it. */
export interface CsvFile {
  readonly path: string;
  readonly name: string;
}

/** 101 names of 150 characters take less. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Throws DataError unless the file begins with the names of the schema's fields, in their order. */
export async function checkCsvHeader({ path, name }: CsvFile, { type, fields }: DatasetSchema): Promise<void> {
  const names = await readHeader(path);
  const expected = fields.map((field) => field.name);
  if (names.length === expected.length && names.every((column, index) => column === expected[index])) return;
  throw new DataError(
    `The header of ${name} is ${names.join(",").slice(0, 500) || "empty"}; by the ${type} schema it must be ${expected.join(",")}.`,
  );
}

async function readHeader(path: string): Promise<string[]> {
  await using file = await open(path);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
  const text = new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
  const [line = ""] = text.split(/[\r\n]/, 1);
  return line.split(",").map((column) => column.replace(/^"(.*)"$/, "$1"));
}
