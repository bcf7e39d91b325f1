import { DataError } from "../../algorithm.ts";
import { createWireReader, WireError } from "../../protobuf/wire-reader.ts";
import { type ByteBlock, forEachByteBlock, forEachSlice } from "../byte-blocks.ts";
import { createFeatureRows, type FeatureRow, type FeatureRows } from "../feature-rows.ts";
import { createRowAnnotations, type RowAnnotations } from "../row-annotations.ts";
import { finishAtOnce, type SlicedWork } from "../sliced-work.ts";
import type { Table } from "../table.ts";
import { dataErrorAt, type TableFile, totalBytes } from "../table-file.ts";
import type { TableOptions } from "../table-options.ts";
import { type DataRecord, decodeRecord, type Tensor } from "./decode-record.ts";
import { MAGIC, paddedLength } from "./record-frame.ts";

const HEADER_BYTES = 8;
const MAXIMUM_RECORD_BYTES = 2 ** 26;
/** Of a value in a record: float32, the smallest that is usual. */
const VALUE_BYTES = 4;

export interface RecordIoOptions extends Pick<TableOptions, "columns"> {
  /** With 0 labels are not looked at; with 1 each record must have one. Default 1. */
  readonly labelColumns?: 0 | 1;
}

/**
 * Reads RecordIO-protobuf, the format of SageMaker's own algorithms: frames around records of aialgs.data whose features and label are tensors of
 * float32, float64 or int32; sparse when they have keys, and then what is absent is zero. In Pipe mode files follow each other in one stream: that is the
 * same. Throws DataError naming file and record.
 */
export async function readRecordIo(files: readonly TableFile[], options: RecordIoOptions = {}): Promise<Table> {
  const state = createRecordRows(options, totalBytes(files));
  for (const file of files) {
    state.file = file.name;
    state.record = 1;
    const limits = {
      maximumRecordBytes: MAXIMUM_RECORD_BYTES + HEADER_BYTES,
      tooLong: () => failure(state, `it is longer than ${MAXIMUM_RECORD_BYTES} bytes.`),
    };
    const { start, end } = await forEachByteBlock(file, limits, (block) => takeRecords(state, block));
    if (start < end) throw failure(state, "it is cut off.");
  }
  return finish(state);
}

/** The same for what is in memory: the body of a request. */
export function* parseRecordIoInSlices(
  bytes: Uint8Array,
  options: RecordIoOptions = {},
  name = "The request",
): SlicedWork<Table> {
  const state = createRecordRows(options, bytes.length);
  state.file = name;
  const whole = { bytes, start: 0, end: bytes.length };
  const { start, end } = yield* forEachSlice(whole, (block) => takeRecords(state, block));
  if (start < end) throw failure(state, "it is cut off.");
  return finish(state);
}

/** The same without a pause. */
export function parseRecordIo(bytes: Uint8Array, options?: RecordIoOptions, name?: string): Table {
  return finishAtOnce(parseRecordIoInSlices(bytes, options, name));
}

interface RecordRows {
  readonly options: RecordIoOptions;
  readonly features: FeatureRows;
  readonly annotations: RowAnnotations;
  file: string;
  /** Of the record that is read, from 1. */
  record: number;
}

function createRecordRows(options: RecordIoOptions, byteLength: number): RecordRows {
  const features = createFeatureRows(options.columns, Math.ceil(byteLength / VALUE_BYTES));
  return { options, features, annotations: createRowAnnotations(), file: "", record: 1 };
}

function finish({ features, annotations, file }: RecordRows): Table {
  if (features.rows === 0) throw new DataError(`The data are empty: ${file === "" ? "no file" : file} has no record.`);
  return { features: features.finish("zero"), ...annotations.finish(features.rows) };
}

function takeRecords(state: RecordRows, { bytes, start, end }: ByteBlock): number {
  const reader = createWireReader(bytes, start);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (text: string): DataError => failure(state, text);
  let position = start;
  while (end - position >= HEADER_BYTES) {
    if (header.getUint32(position, true) !== MAGIC) throw fail("it does not begin with RecordIO's magic number.");
    const length = header.getUint32(position + 4, true);
    if (length > MAXIMUM_RECORD_BYTES) throw fail(`it is longer than ${MAXIMUM_RECORD_BYTES} bytes.`);
    const recordStart = position + HEADER_BYTES;
    const next = recordStart + paddedLength(length);
    if (next > end) break;
    reader.position = recordStart;
    addRecord(
      state,
      decode(state, () => decodeRecord(reader, recordStart + length)),
      fail,
    );
    state.record += 1;
    position = next;
  }
  return position;
}

function decode(state: RecordRows, work: () => DataRecord): DataRecord {
  try {
    return work();
  } catch (error) {
    throw error instanceof WireError ? failure(state, `it is no record of aialgs.data: ${error.message}.`) : error;
  }
}

function addRecord(state: RecordRows, { features, label }: DataRecord, fail: (text: string) => DataError): void {
  if (features === undefined) throw fail('it has no features called "values" of 32 or 64 bits.');
  const row = state.features.rows;
  if (state.options.labelColumns !== 0) {
    if (label?.values.length !== 1) throw fail(`it has ${label?.values.length ?? "no"} labels, not one.`);
    state.annotations.add(row, { label: label.values[0] }, fail);
  }
  state.features.add(toRow(features), fail);
}

/** A vector of zeros has neither values nor keys, only a shape. */
function toRow({ values, keys, shape }: Tensor): FeatureRow {
  const width = shape.at(-1);
  const isSparse = keys.length > 0 || (values.length === 0 && width !== undefined);
  return isSparse ? { values, columns: keys, width } : { values };
}

function failure({ file, record }: RecordRows, text: string): DataError {
  return dataErrorAt({ file, record }, text);
}
