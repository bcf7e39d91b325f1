import { DataError } from "../../algorithm.ts";
import type { ByteBlock } from "../byte-blocks.ts";
import { type CategoryColumn, createCategoryColumn, sortCategories } from "../category-column.ts";
import { grow, reserve } from "../grow.ts";
import { createRowAnnotations, type RowAnnotations } from "../row-annotations.ts";
import { parseNumber, type ScanEnd, scanFloat32 } from "../scan-float32.ts";
import type { Table } from "../table.ts";
import { dataErrorAt, quoted } from "../table-file.ts";
import { isMissing, LARGEST_FLOAT, MAXIMUM_COLUMNS, type TableOptions } from "../table-options.ts";
import { type CsvField, readField } from "./read-field.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What a column holds: undecided is one that becomes categories when a text comes before a number. */
const NUMBERS = 0;
const CATEGORIES = 1;
const UNDECIDED = 2;

/** Other rows may be shorter than the first, by which the number of rows is guessed. */
const RESERVE = 1.25;

export interface CsvOptions extends TableOptions {
  /** One character of ASCII; default a comma. */
  readonly delimiter?: string;
  /** The first line of each file names the columns. Default false, as AWS has it: a line of names is an error that says so. */
  readonly header?: boolean;
  /** With `labelColumns` 0: where there is one column more than `columns`, the first one holds labels all the same. Default false. */
  readonly labelMayBeFirst?: boolean;
}

/** Rows of CSV on their way into a table. */
export interface CsvRows {
  readonly options: CsvOptions;
  readonly delimiter: number;
  labelColumns: 0 | 1;
  /** Columns before the features: label, weight, group. */
  leadWidth: number;
  lead: Float64Array;
  readonly annotations: RowAnnotations;
  readonly scanEnd: ScanEnd;
  /** Of all files together, as far as it is known. */
  readonly byteLength: number;
  file: string;
  /** Of the record that is read, from 1. */
  line: number;
  headerExpected: boolean;
  names: readonly string[] | undefined;
  /** One entry per column of the file; empty before the first row. */
  kinds: Uint8Array;
  readonly categories: (CategoryColumn | undefined)[];
  rows: number;
  values: Float32Array;
}

/** No rows yet. */
export function createCsvRows(options: CsvOptions, byteLength: number): CsvRows {
  const { delimiter = ",", labelColumns = 1, weightColumn = false, groupColumn = false, header = false } = options;
  if (!/^[\t -~]$/.test(delimiter) || /[\w"+.-]/.test(delimiter)) {
    throw new DataError(`The delimiter must be one character such as a comma, not ${JSON.stringify(delimiter)}.`);
  }
  const leadWidth = labelColumns + Number(weightColumn) + Number(groupColumn);
  return {
    options,
    delimiter: delimiter.charCodeAt(0),
    labelColumns,
    leadWidth,
    lead: new Float64Array(leadWidth),
    annotations: createRowAnnotations(),
    scanEnd: { next: 0 },
    byteLength,
    file: "",
    line: 1,
    headerExpected: header,
    names: undefined,
    kinds: new Uint8Array(0),
    categories: [],
    rows: 0,
    values: new Float32Array(0),
  };
}

/** Before the first block of each file. */
export function beginCsvFile(state: CsvRows, file: string): void {
  state.file = file;
  state.line = 1;
  state.headerExpected = state.options.header === true;
}

/** Takes the block's whole records; returns where the first begins that it does not hold in full. Throws DataError naming file, line, column and value. */
export function takeCsvRecords(state: CsvRows, block: ByteBlock): number {
  const { bytes, end } = block;
  const { delimiter, scanEnd } = state;
  let position = block.start;
  if (state.headerExpected || state.kinds.length === 0) {
    position = skipBlankLines(state, block);
    const afterHeader = takeFirstRecord(state, { bytes, start: position, end });
    if (afterHeader === undefined) return position;
    position = afterHeader;
  }
  const { kinds, leadWidth, lead } = state;
  const width = kinds.length;
  const columns = width - leadWidth;
  // A record is at least as long as it has columns.
  const rowsAhead = Math.ceil((end - position) / width) + 1;
  state.values = grow(state.values, state.rows * columns, (state.rows + rowsAhead) * columns);
  const { values } = state;
  while (position < end) {
    const recordStart = position;
    const recordLine = state.line;
    let offset = state.rows * columns;
    let column = 0;
    for (; ; column += 1) {
      let value = scanFloat32(bytes, position, scanEnd);
      let { next } = scanEnd;
      let byte = bytes[next];
      if (byte === CARRIAGE_RETURN && bytes[next + 1] === NEWLINE) byte = bytes[++next];
      if ((byte !== delimiter && byte !== NEWLINE) || kinds[column] !== NUMBERS || Math.abs(value) > LARGEST_FLOAT) {
        const field = readField(bytes, position, end, delimiter);
        if (field === undefined) {
          state.line = recordLine;
          return recordStart;
        }
        value = fieldValue(state, field, column);
        next = field.next;
        byte = bytes[next];
      }
      if (column < leadWidth) lead[column] = value;
      else values[offset++] = value;
      position = next + 1;
      if (byte === NEWLINE) break;
    }
    if (position > end) {
      state.line = recordLine;
      return recordStart;
    }
    if (column === 0 && isBlank(bytes, recordStart)) state.line += 1;
    else endRow(state, column + 1);
  }
  return position;
}

/** Throws DataError when there is no row. */
export function finishCsvRows(state: CsvRows): Table {
  const { rows, values, kinds, leadWidth, annotations, categories, names } = state;
  if (rows === 0) throw new DataError(`The data are empty: ${state.file === "" ? "no file" : state.file} has no row.`);
  const columns = kinds.length - leadWidth;
  const used = values.subarray(0, rows * columns);
  return {
    features: { kind: "dense", rows, columns, values: used },
    ...annotations.finish(rows),
    names: names?.slice(leadWidth),
    categories: sortCategories(
      Array.from({ length: columns }, (_, column) => categories[leadWidth + column]),
      used,
    ),
  };
}

function skipBlankLines(state: CsvRows, { bytes, start, end }: ByteBlock): number {
  let position = start;
  for (;;) {
    const newline = bytes.indexOf(NEWLINE, position);
    if (newline >= end || !isBlank(bytes, position)) return position;
    state.line += 1;
    position = newline + 1;
  }
}

/** Reads the names of a header, or only counts the columns of the first row; returns where the next record to take begins. */
function takeFirstRecord(state: CsvRows, { bytes, start, end }: ByteBlock): number | undefined {
  const fields: string[] = [];
  let position = start;
  do {
    const field = readField(bytes, position, end, state.delimiter);
    if (field === undefined) return undefined;
    fields.push(field.text);
    position = field.next + 1;
  } while (bytes[position - 1] !== NEWLINE);
  if (state.kinds.length === 0) beginTable(state, fields.length, position - start);
  if (!state.headerExpected) return start;
  if (fields.length !== state.kinds.length) {
    throw failure(state, `the header names ${fields.length} columns; the files before have ${state.kinds.length}.`);
  }
  state.names ??= fields;
  state.headerExpected = false;
  state.line += 1;
  return position;
}

function beginTable(state: CsvRows, width: number, recordBytes: number): void {
  const { options, byteLength } = state;
  if (options.labelMayBeFirst === true && state.leadWidth === 0 && width - 1 === options.columns) {
    state.labelColumns = 1;
    state.leadWidth = 1;
    state.lead = new Float64Array(1);
  }
  const { leadWidth } = state;
  const columns = width - leadWidth;
  if (columns < 1 || columns > MAXIMUM_COLUMNS) {
    throw failure(
      state,
      `there are ${width} columns; ${leadWidth + 1} to ${leadWidth + MAXIMUM_COLUMNS} are possible.`,
    );
  }
  if (options.columns !== undefined && columns !== options.columns) {
    throw failure(state, `there are ${columns} columns of features, not ${options.columns}.`);
  }
  state.kinds = new Uint8Array(width);
  if (options.categories === "text") state.kinds.fill(UNDECIDED, leadWidth);
  else for (const column of options.categories ?? []) state.kinds[leadWidth + column] = CATEGORIES;
  state.values = reserve(state.values, Math.ceil((byteLength / recordBytes) * RESERVE * columns));
}

/** The value of a field that is not just a number before a delimiter. */
function fieldValue(state: CsvRows, { text, newlines }: CsvField, column: number): number {
  state.line += newlines;
  if (column >= state.kinds.length || isMissing(text)) return Number.NaN;
  if (state.kinds[column] !== CATEGORIES) {
    const value = parseNumber(text);
    if (value !== undefined && Math.abs(value) <= LARGEST_FLOAT) {
      state.kinds[column] = NUMBERS;
      return value;
    }
    if (state.kinds[column] === NUMBERS) throw notANumber(state, text, column);
    state.kinds[column] = CATEGORIES;
  }
  const name = state.names?.[column] ?? String(column + 1);
  const categories = (state.categories[column] ??= createCategoryColumn(name));
  return categories.numberOf(text);
}

function notANumber(state: CsvRows, text: string, column: number): DataError {
  const hint = state.line === 1 ? " A header is not expected: the first line must be data." : "";
  return failure(state, `${quoted(text)} is not a number of 32 bits.${hint}`, column + 1);
}

function endRow(state: CsvRows, width: number): void {
  if (width !== state.kinds.length) {
    throw failure(state, `there are ${width} columns, not ${state.kinds.length} as in the first row.`);
  }
  if (state.leadWidth > 0) annotate(state);
  state.rows += 1;
  state.line += 1;
}

function annotate(state: CsvRows): void {
  const { lead, options, labelColumns } = state;
  const { weightColumn = false, groupColumn = false } = options;
  state.annotations.add(
    state.rows,
    {
      label: labelColumns === 1 ? lead[0] : undefined,
      weight: weightColumn ? lead[labelColumns] : undefined,
      group: groupColumn ? lead[state.leadWidth - 1] : undefined,
    },
    (text) => failure(state, text),
  );
}

function isBlank(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === NEWLINE || (bytes[start] === CARRIAGE_RETURN && bytes[start + 1] === NEWLINE);
}

function failure({ file, line }: CsvRows, text: string, column?: number): DataError {
  return dataErrorAt({ file, line, column }, text);
}
