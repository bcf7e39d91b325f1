import { forEachLineBlock, forEachLineSlice } from "../line-blocks.ts";
import { finishAtOnce, type SlicedWork } from "../sliced-work.ts";
import type { Table } from "../table.ts";
import { type TableFile, totalBytes } from "../table-file.ts";
import {
  beginLibsvmFile,
  createLibsvmRows,
  finishLibsvmRows,
  type LibsvmOptions,
  takeLibsvmLines,
} from "./libsvm-rows.ts";

/**
 * Reads lines `label column:value column:value …` into a sparse table, as XGBoost does: columns count as they are written (from 0), a weight may follow
 * the label (`label:weight`), a group stands in front of the entries (`qid:7`), `#` begins a comment. Throws DataError naming file, line and value.
 */
export async function readLibsvm(files: readonly TableFile[], options: LibsvmOptions = {}): Promise<Table> {
  const rows = createLibsvmRows(options, totalBytes(files));
  for (const file of files) {
    beginLibsvmFile(rows, file.name);
    await forEachLineBlock(file, (block) => takeLibsvmLines(rows, block));
  }
  return finishLibsvmRows(rows);
}

/** The same for what is in memory: the body of a request. */
export function* parseLibsvmInSlices(
  bytes: Uint8Array,
  options: LibsvmOptions = {},
  name = "The request",
): SlicedWork<Table> {
  const rows = createLibsvmRows(options, bytes.length);
  beginLibsvmFile(rows, name);
  yield* forEachLineSlice(name, bytes, (block) => takeLibsvmLines(rows, block));
  return finishLibsvmRows(rows);
}

/** The same without a pause. */
export function parseLibsvm(bytes: Uint8Array, options?: LibsvmOptions, name?: string): Table {
  return finishAtOnce(parseLibsvmInSlices(bytes, options, name));
}
