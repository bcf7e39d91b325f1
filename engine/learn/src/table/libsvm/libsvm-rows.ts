import { DataError } from "../../algorithm.ts";
import type { ByteBlock } from "../byte-blocks.ts";
import type { SparseMatrix } from "../matrix.ts";
import { createRowAnnotations, type RowAnnotations } from "../row-annotations.ts";
import { type ScanEnd, scanFloat32 } from "../scan-float32.ts";
import { createSparseRows, LARGEST_COLUMN, type SparseRows } from "../sparse-rows.ts";
import type { Table } from "../table.ts";
import { dataErrorAt, quoted } from "../table-file.ts";
import { isMissing, LARGEST_FLOAT, type TableOptions } from "../table-options.ts";

const TAB = 0x09;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const ZERO = 0x30;
const COLON = 0x3a;
const QUERY = Buffer.from("qid:");

export interface LibsvmOptions extends Pick<TableOptions, "columns"> {
  /** With 0 a line may do without its label, and one that is there is skipped. Default 1. */
  readonly labelColumns?: 0 | 1;
  /** What is not written: default a missing value, as XGBoost has it. */
  readonly absent?: SparseMatrix["absent"];
}

/** Rows of libsvm files on their way into a table. */
export interface LibsvmRows {
  readonly options: LibsvmOptions;
  readonly annotations: RowAnnotations;
  readonly sparse: SparseRows;
  readonly scanEnd: ScanEnd;
  file: string;
  /** Of the row that is read, from 1. */
  line: number;
}

/** `byteLength` of all files together, where it is known. */
export function createLibsvmRows(options: LibsvmOptions, byteLength = 0): LibsvmRows {
  return {
    options,
    annotations: createRowAnnotations(),
    // An entry takes at least four characters with its space: `1:2 `.
    sparse: createSparseRows({ entries: Math.ceil(byteLength / 4), rows: 0 }),
    scanEnd: { next: 0 },
    file: "",
    line: 1,
  };
}

/** Before the first block of each file. */
export function beginLibsvmFile(state: LibsvmRows, file: string): void {
  state.file = file;
  state.line = 1;
}

/** Takes the block's whole lines; returns where the first begins that it does not hold in full. Throws DataError naming file, line and value. */
export function takeLibsvmLines(state: LibsvmRows, { bytes, start, end }: ByteBlock): number {
  let position = start;
  for (;;) {
    const newline = bytes.indexOf(NEWLINE, position);
    if (newline >= end) return position;
    takeLine(state, bytes, position, newline);
    state.line += 1;
    position = newline + 1;
  }
}

/** Throws DataError when there is no row. */
export function finishLibsvmRows({ options, annotations, sparse, file }: LibsvmRows): Table {
  if (sparse.rows === 0) throw new DataError(`The data are empty: ${file === "" ? "no file" : file} has no row.`);
  return { features: sparse.finish(options.absent ?? "missing", options.columns), ...annotations.finish(sparse.rows) };
}

function takeLine(state: LibsvmRows, bytes: Uint8Array, start: number, end: number): void {
  const { scanEnd, sparse, options } = state;
  const { columns = LARGEST_COLUMN + 1 } = options;
  let position = skipSpaces(bytes, start);
  if (position === end || bytes[position] === HASH) return;
  position = takeAnnotation(state, bytes, position);
  while (position < end && bytes[position] !== HASH) {
    const column = scanInteger(bytes, position, scanEnd);
    if (scanEnd.next === position || bytes[scanEnd.next] !== COLON) {
      throw failure(state, `${quoted(tokenAt(bytes, position))} is not of the form column:value.`);
    }
    if (column >= columns) throw failure(state, `there is no column ${column}; the columns are 0 to ${columns - 1}.`);
    const valueStart = scanEnd.next + 1;
    const value = numberAt(state, bytes, valueStart);
    if (!Number.isNaN(value) || options.absent === "zero") sparse.add(column, value);
    position = skipSpaces(bytes, scanEnd.next);
  }
  sparse.endRow((text) => failure(state, text));
}

/** Label, weight and group at the front of a line; returns where its entries begin. */
function takeAnnotation(state: LibsvmRows, bytes: Uint8Array, start: number): number {
  const { scanEnd, options, sparse } = state;
  let position = start;
  let label: number | undefined;
  let weight: number | undefined;
  let group: number | undefined;
  scanFloat32(bytes, position, scanEnd);
  const hasLabel = options.labelColumns !== 0;
  if (hasLabel || bytes[scanEnd.next] !== COLON) {
    label = numberAt(state, bytes, position);
    if (bytes[scanEnd.next] === COLON) weight = numberAt(state, bytes, scanEnd.next + 1);
    position = skipSpaces(bytes, scanEnd.next);
  }
  if (QUERY.every((byte, index) => bytes[position + index] === byte)) {
    group = scanInteger(bytes, position + QUERY.length, scanEnd);
    if (scanEnd.next === position + QUERY.length || !isSpace(bytes[scanEnd.next]))
      throw failure(state, `${quoted(tokenAt(bytes, position))} is not of the form qid:number.`);
    position = skipSpaces(bytes, scanEnd.next);
  }
  if (!hasLabel) return position;
  state.annotations.add(sparse.rows, { label, weight, group }, (text) => failure(state, text));
  return position;
}

/** The number at `start` with a space, a newline or, after a label, a colon behind it. */
function numberAt(state: LibsvmRows, bytes: Uint8Array, start: number): number {
  const { scanEnd } = state;
  const value = scanFloat32(bytes, start, scanEnd);
  if (scanEnd.next > start && (isSpace(bytes[scanEnd.next]) || bytes[scanEnd.next] === COLON)) {
    if (Math.abs(value) <= LARGEST_FLOAT) return value;
  }
  const token = tokenAt(bytes, start);
  scanEnd.next = start + Buffer.byteLength(token);
  if (token === "" || !isMissing(token)) throw failure(state, `${quoted(token)} is not a number of 32 bits.`);
  return Number.NaN;
}

/** The digits at `start`; `end.next` stays there when there are none, or more than an exact integer has. */
function scanInteger(bytes: Uint8Array, start: number, end: ScanEnd): number {
  let index = start;
  let value = 0;
  for (let digit = bytes[index] - ZERO; digit >= 0 && digit <= 9; digit = bytes[++index] - ZERO)
    value = value * 10 + digit;
  end.next = value <= Number.MAX_SAFE_INTEGER ? index : start;
  return value;
}

/** Spaces, tabs and carriage returns separate. */
function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN);
}

function skipSpaces(bytes: Uint8Array, start: number): number {
  let index = start;
  while (bytes[index] !== NEWLINE && isSpace(bytes[index])) index += 1;
  return index;
}

function tokenAt(bytes: Uint8Array, start: number): string {
  let end = start;
  while (!isSpace(bytes[end])) end += 1;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

function failure({ file, line }: LibsvmRows, text: string): DataError {
  return dataErrorAt({ file, line }, text);
}
