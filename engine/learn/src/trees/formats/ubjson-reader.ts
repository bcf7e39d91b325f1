import { FormatError } from "../../algorithm.ts";
import { type FormatNumbers, type FormatValue, MAXIMUM_DEPTH } from "./format-value.ts";

/**
 * Reads UBJSON (https://ubjson.org, draft 12) as far as XGBoost writes it, containers with `#` and `$` included. Throws FormatError naming the byte;
 * what the file says of lengths is believed only as far as the file is long.
 */
export function readUbjson(bytes: Uint8Array): FormatValue {
  const reader = new UbjsonReader(bytes);
  const value = reader.value(reader.marker(), 0);
  reader.end();
  return value;
}

/** Of the numbers of a typed array. */
const NUMBER_BYTES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

class UbjsonReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  marker(): string {
    let marker = "N";
    while (marker === "N") marker = String.fromCharCode(this.#bytes[this.#advance(1)] as number);
    return marker;
  }

  value(marker: string, depth: number): FormatValue {
    if (depth > MAXIMUM_DEPTH) throw this.#damage(`more than ${MAXIMUM_DEPTH} lists and objects in each other`);
    if (Object.hasOwn(NUMBER_BYTES, marker)) return this.#number(marker);
    switch (marker) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case "S":
        return this.#string(this.#length(this.marker()));
      case "C":
        return this.#string(1);
      case "T":
        return true;
      case "F":
        return false;
      case "Z":
        return null;
      default:
        throw this.#damage(`the unknown marker ${JSON.stringify(marker)}`);
    }
  }

  end(): void {
    if (this.#position < this.#bytes.length) throw this.#damage("something after the end");
  }

  #object(depth: number): FormatValue {
    const members: Record<string, FormatValue> = Object.create(null) as Record<string, FormatValue>;
    let marker = this.marker();
    let remaining = Number.POSITIVE_INFINITY;
    if (marker === "#") {
      remaining = this.#length(this.marker());
      if (remaining > 0) marker = this.marker();
    }
    while (remaining > 0 && marker !== "}") {
      const name = this.#string(this.#length(marker));
      members[name] = this.value(this.marker(), depth + 1);
      remaining -= 1;
      if (remaining > 0) marker = this.marker();
    }
    return members;
  }

  #list(depth: number): FormatValue {
    const first = this.marker();
    if (first === "$") return this.#numbers();
    const items: FormatValue[] = [];
    if (first === "#") {
      const length = this.#length(this.marker());
      for (let index = 0; index < length; index += 1) items.push(this.value(this.marker(), depth + 1));
      return items;
    }
    for (let marker = first; marker !== "]"; marker = this.marker()) items.push(this.value(marker, depth + 1));
    return items;
  }

  #numbers(): FormatNumbers {
    const type = this.marker();
    const size = NUMBER_BYTES[type];
    if (size === undefined) throw this.#damage(`a list of the type ${JSON.stringify(type)}`);
    if (this.marker() !== "#") throw this.#damage("a typed list without its length");
    const length = this.#length(this.marker());
    const start = this.#advance(length * size);
    // A copy: the file's numbers are big-endian and lie at odd addresses.
    const copy = Buffer.from(new ArrayBuffer(length * size));
    this.#bytes.copy(copy, 0, start, this.#position);
    return toNumbers(type, size, copy);
  }

  #length(marker: string): number {
    const length = marker === "C" || !Object.hasOwn(NUMBER_BYTES, marker) ? Number.NaN : this.#number(marker);
    if (!Number.isInteger(length) || length < 0 || length > this.#bytes.length - this.#position) {
      throw this.#damage("a length beyond the end of the file");
    }
    return length;
  }

  #string(length: number): string {
    const start = this.#advance(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  #number(marker: string): number {
    const at = this.#advance(NUMBER_BYTES[marker] as number);
    switch (marker) {
      case "i":
        return this.#bytes.readInt8(at);
      case "U":
        return this.#bytes.readUInt8(at);
      case "I":
        return this.#bytes.readInt16BE(at);
      case "l":
        return this.#bytes.readInt32BE(at);
      case "L":
        return Number(this.#bytes.readBigInt64BE(at));
      case "d":
        return this.#bytes.readFloatBE(at);
      default:
        return this.#bytes.readDoubleBE(at);
    }
  }

  /** Where the next `length` bytes begin; they are taken. */
  #advance(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) throw this.#damage("the file is cut off");
    this.#position += length;
    return start;
  }

  #damage(what: string): FormatError {
    return new FormatError(`The model file is damaged at byte ${this.#position}: ${what}.`);
  }
}

/** Big-endian bytes as numbers of this machine's order. */
function toNumbers(type: string, size: number, bytes: Buffer<ArrayBuffer>): FormatNumbers {
  if (size === 2) bytes.swap16();
  if (size === 4) bytes.swap32();
  if (size === 8) bytes.swap64();
  switch (type) {
    case "i":
      return new Int8Array(bytes.buffer);
    case "U":
      return new Uint8Array(bytes.buffer);
    case "I":
      return new Int16Array(bytes.buffer);
    case "l":
      return new Int32Array(bytes.buffer);
    case "L":
      return new BigInt64Array(bytes.buffer);
    case "d":
      return new Float32Array(bytes.buffer);
    default:
      return new Float64Array(bytes.buffer);
  }
}
