import { createReadStream } from "node:fs";

/** A record of a CSV file, counted as DuckDB does: empty lines are records too, and line breaks in quotes begin none. */
export interface RecordPlace {
  /** From 1, the header's. */
  readonly number: number;
  /** Of the text file, from 1. */
  readonly line: number;
  /** An empty line, of which DuckDB makes no row. */
  readonly isBlank: boolean;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Tells where each record of a CSV file begins, until `visit` returns false. */
export async function locateRecords(
  path: string,
  visit: (place: RecordPlace) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  const state = {
    number: 1,
    line: 1,
    start: 1,
    isBlank: true,
    isFieldStart: true,
    isQuotedField: false,
    isQuoted: false,
  };
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (byte === NEWLINE) state.line += 1;
      if (byte !== NEWLINE || state.isQuoted) {
        readByte(state, byte);
        continue;
      }
      if (!visit({ number: state.number, line: state.start, isBlank: state.isBlank })) return;
      Object.assign(state, { number: state.number + 1, start: state.line, isBlank: true });
      Object.assign(state, { isFieldStart: true, isQuotedField: false });
    }
  }
  if (!state.isBlank) visit({ number: state.number, line: state.start, isBlank: false });
}

interface ScanState {
  isBlank: boolean;
  isFieldStart: boolean;
  isQuotedField: boolean;
  isQuoted: boolean;
}

/** Only a quote that begins a field opens one; in such a field each one toggles, so that a doubled one changes nothing. */
function readByte(state: ScanState, byte: number): void {
  if (byte !== RETURN) state.isBlank = false;
  if (byte === QUOTE) {
    if (state.isFieldStart) state.isQuotedField = true;
    if (state.isQuotedField) state.isQuoted = !state.isQuoted;
  }
  state.isFieldStart = byte === COMMA && !state.isQuoted;
  if (state.isFieldStart) state.isQuotedField = false;
}
