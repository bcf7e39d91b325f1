import { FormatError } from "../../algorithm.ts";
import { type FormatValue, MAXIMUM_DEPTH } from "./format-value.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LITERALS: readonly (readonly [text: string, value: FormatValue])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
];
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads JSON as XGBoost writes it: numbers may be NaN or infinite, which `JSON.parse` refuses, and a file may be larger than the longest string.
 * Throws FormatError naming the byte.
 */
export function readJson(bytes: Uint8Array): FormatValue {
  const reader = new JsonReader(bytes);
  const value = reader.value(0);
  reader.end();
  return value;
}

class JsonReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): FormatValue {
    if (depth > MAXIMUM_DEPTH) throw this.#damage(`more than ${MAXIMUM_DEPTH} lists and objects in each other`);
    const next = this.#peek();
    if (next === QUOTE) return this.#string();
    if (next === 0x7b) return this.#object(depth);
    if (next === 0x5b) return this.#list(depth);
    return this.#scalar();
  }

  /** Only white space follows. */
  end(): void {
    this.#skipSpace();
    if (this.#position < this.#bytes.length) throw this.#damage("something after the end");
  }

  #object(depth: number): FormatValue {
    const members: Record<string, FormatValue> = Object.create(null) as Record<string, FormatValue>;
    this.#position += 1;
    if (this.#takes(0x7d)) return members;
    do {
      if (this.#peek() !== QUOTE) throw this.#damage("no name of a member");
      const name = this.#string();
      if (!this.#takes(0x3a)) throw this.#damage("no colon");
      members[name] = this.value(depth + 1);
    } while (this.#takes(0x2c));
    if (!this.#takes(0x7d)) throw this.#damage("no end of an object");
    return members;
  }

  #list(depth: number): FormatValue {
    const items: FormatValue[] = [];
    this.#position += 1;
    if (this.#takes(0x5d)) return items;
    do items.push(this.value(depth + 1));
    while (this.#takes(0x2c));
    if (!this.#takes(0x5d)) throw this.#damage("no end of a list");
    return items;
  }

  #string(): string {
    const start = this.#position;
    let end = start + 1;
    while (this.#bytes[end] !== QUOTE) {
      if (end >= this.#bytes.length) throw this.#damage("a text without an end");
      end += this.#bytes[end] === BACKSLASH ? 2 : 1;
    }
    this.#position = end + 1;
    try {
      return JSON.parse(this.#bytes.toString("utf8", start, end + 1)) as string;
    } catch (error) {
      throw new FormatError(`The model file is damaged at byte ${start}: a malformed text.`, { cause: error });
    }
  }

  #scalar(): FormatValue {
    const start = this.#position;
    while (isScalarByte(this.#bytes[this.#position])) this.#position += 1;
    const text = this.#bytes.toString("latin1", start, this.#position);
    if (NUMBER.test(text)) return Number(text);
    const literal = LITERALS.find(([name]) => name === text);
    if (literal === undefined) throw this.#damage("no value");
    return literal[1];
  }

  #takes(byte: number): boolean {
    if (this.#peek() !== byte) return false;
    this.#position += 1;
    return true;
  }

  #peek(): number | undefined {
    this.#skipSpace();
    return this.#bytes[this.#position];
  }

  #skipSpace(): void {
    while (isSpace(this.#bytes[this.#position])) this.#position += 1;
  }

  #damage(what: string): FormatError {
    return new FormatError(`The model file is damaged at byte ${this.#position}: ${what}.`);
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Letters, digits, `+`, `-`, `.`. */
function isScalarByte(byte = 0): boolean {
  const lower = byte | 0x20;
  return (
    (lower >= 0x61 && lower <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
