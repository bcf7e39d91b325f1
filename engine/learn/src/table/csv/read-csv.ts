import { forEachLineBlock } from "../line-blocks.ts";
import type { Table } from "../table.ts";
import type { TableFiles } from "../table-file.ts";
import { beginCsvFile, type CsvOptions, createCsvRows, finishCsvRows, takeCsvRecords } from "./csv-rows.ts";

const NEWLINE = 0x0a;

/**
 * Reads CSV as SageMaker has it (label first, no header, see `CsvOptions` for the rest) into one table of 32 bit numbers in shared memory. Fields may be
 * quoted; empty, NaN, NA and null are missing values; empty lines are skipped. Throws DataError naming file, line, column and value.
 */
export async function readCsv(files: TableFiles, options: CsvOptions = {}): Promise<Table> {
  const rows = createCsvRows(options);
  for await (const file of files) {
    beginCsvFile(rows, file.name, file.byteLength);
    await forEachLineBlock(file, (block) => takeCsvRecords(rows, block));
  }
  return finishCsvRows(rows);
}

/** The same for what is in memory: the body of a request. */
export function parseCsv(bytes: Uint8Array, options: CsvOptions = {}, name = "The request"): Table {
  const rows = createCsvRows(options);
  beginCsvFile(rows, name, bytes.length);
  const terminated = new Uint8Array(bytes.length + 2).fill(NEWLINE, bytes.length);
  terminated.set(bytes);
  takeCsvRecords(rows, { bytes: terminated, start: 0, end: bytes.length + 1 });
  return finishCsvRows(rows);
}
