const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** One field of a record, without its quotes. */
export interface CsvField {
  readonly text: string;
  /** A quoted field is a text also when nothing is in it, or spaces around. */
  readonly quoted: boolean;
  /** Where the delimiter or the newline after it is. */
  readonly next: number;
  /** Newlines within the quotes. */
  readonly newlines: number;
}

/**
 * The field that begins at `start` (RFC 4180: `"` quotes, `""` within quotes is one). Undefined when the bytes up to `end` do not hold all of it; the
 * byte at `end` is a newline. Spaces around a field without quotes are dropped.
 */
export function readField(bytes: Uint8Array, start: number, end: number, delimiter: number): CsvField | undefined {
  if (bytes[start] === QUOTE) return readQuoted(bytes, start, end, delimiter);
  let next = start;
  while (bytes[next] !== delimiter && bytes[next] !== NEWLINE) next += 1;
  if (next >= end) return undefined;
  return { text: decode(bytes, start, next).trim(), quoted: false, next, newlines: 0 };
}

function readQuoted(bytes: Uint8Array, start: number, end: number, delimiter: number): CsvField | undefined {
  let text = "";
  let newlines = 0;
  let pieceStart = start + 1;
  let index = pieceStart;
  for (;;) {
    for (; bytes[index] !== QUOTE; index += 1) {
      if (index >= end) return undefined;
      if (bytes[index] === NEWLINE) newlines += 1;
    }
    text += decode(bytes, pieceStart, index);
    index += 1;
    if (bytes[index] !== QUOTE) break;
    pieceStart = index;
    index += 1;
  }
  const restStart = index;
  while (bytes[index] !== delimiter && bytes[index] !== NEWLINE) index += 1;
  if (index >= end) return undefined;
  // What follows a closing quote belongs to no field; it is kept, so that the value in the message is what stands in the file.
  const rest = decode(bytes, restStart, index).trim();
  return { text: rest === "" ? text : `"${text}"${rest}`, quoted: true, next: index, newlines };
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  const last = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, last - start).toString("utf8");
}
