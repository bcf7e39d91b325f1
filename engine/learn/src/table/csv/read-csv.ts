import { forEachLineBlock, forEachLineSlice } from "../line-blocks.ts";
import { finishAtOnce, type SlicedWork } from "../sliced-work.ts";
import type { Table } from "../table.ts";
import { type TableFile, totalBytes } from "../table-file.ts";
import { beginCsvFile, type CsvOptions, createCsvRows, finishCsvRows, takeCsvRecords } from "./csv-rows.ts";

/**
 * Reads CSV as SageMaker has it (label first, no header, see `CsvOptions` for the rest) into one table of 32 bit numbers in shared memory. Fields may be
 * quoted; empty, NaN, NA and null are missing values; empty lines are skipped. Throws DataError naming file, line, column and value.
 */
export async function readCsv(files: readonly TableFile[], options: CsvOptions = {}): Promise<Table> {
  const rows = createCsvRows(options, totalBytes(files));
  for (const file of files) {
    beginCsvFile(rows, file.name);
    await forEachLineBlock(file, (block) => takeCsvRecords(rows, block));
  }
  return finishCsvRows(rows);
}

/** The same for what is in memory: the body of a request. */
export function* parseCsvInSlices(
  bytes: Uint8Array,
  options: CsvOptions = {},
  name = "The request",
): SlicedWork<Table> {
  const rows = createCsvRows(options, bytes.length);
  beginCsvFile(rows, name);
  yield* forEachLineSlice(name, bytes, (block) => takeCsvRecords(rows, block));
  return finishCsvRows(rows);
}

/** The same without a pause. */
export function parseCsv(bytes: Uint8Array, options?: CsvOptions, name?: string): Table {
  return finishAtOnce(parseCsvInSlices(bytes, options, name));
}
