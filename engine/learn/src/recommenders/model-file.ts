import { type EncodedModel, FormatError } from "../algorithm.ts";
import { ByteReader } from "../text/byte-reader.ts";

const MAGIC = "RONDOREC";
const VERSION = 1;
/** Of the header's JSON: parameters and the list of arrays. */
const LONGEST_HEADER = 2 ** 20;
const PIECE_BYTES = 2 ** 22;

type StoredArray = Float32Array | Uint32Array | Float64Array | Uint8Array;
const arrayTypes = { float32: Float32Array, uint32: Uint32Array, float64: Float64Array, uint8: Uint8Array } as const;
type ArrayType = keyof typeof arrayTypes;

/** What a model's file holds: numbers and words, and named arrays. */
export interface StoredModel {
  /** `implicit-als`: which algorithm's model it is. */
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, StoredArray>>;
}

interface ArrayEntry {
  readonly name: string;
  readonly type: ArrayType;
  readonly length: number;
}

/**
 * The file of a recommender's model, little-endian: the 8 bytes `RONDOREC`, the version and the length of the header as uint32, the header
 * in JSON (kind, fields, and name, type and length of each array), then the arrays, one right after the other.
 */
export function* encodeStoredModel({ kind, fields, arrays }: StoredModel): Iterable<Uint8Array> {
  const entries = Object.entries(arrays).map(([name, array]) => ({ name, type: typeOf(array), length: array.length }));
  const header = Buffer.from(JSON.stringify({ kind, fields, arrays: entries }));
  const start = Buffer.alloc(16);
  start.write(MAGIC);
  start.writeUInt32LE(VERSION, 8);
  start.writeUInt32LE(header.length, 12);
  yield start;
  yield header;
  for (const array of Object.values(arrays)) {
    for (let offset = 0; offset < array.byteLength; offset += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, array.byteLength - offset);
      // A copy, since the arrays may lie in memory that threads share.
      yield Uint8Array.from(new Uint8Array(array.buffer, array.byteOffset + offset, length));
    }
  }
}

/** Throws FormatError for bytes that are not such a file, or the file of another kind of model. */
export async function decodeStoredModel(file: EncodedModel, kind: string): Promise<StoredModelReader> {
  const reader = new ByteReader(file);
  if (file.byteLength < 16) throw new FormatError("The model file is cut off.");
  await reader.need(16);
  const magic = String.fromCharCode(...Array.from({ length: 8 }, () => reader.byte()));
  const version = reader.int32();
  const headerLength = reader.int32();
  if (magic !== MAGIC || version !== VERSION) throw new FormatError("This is not the file of a recommender's model.");
  if (headerLength < 2 || headerLength > Math.min(LONGEST_HEADER, reader.remaining)) {
    throw new FormatError("The header of the model file is damaged.");
  }
  await reader.need(headerLength);
  const header = Buffer.from(Array.from({ length: headerLength }, () => reader.byte())).toString("utf8");
  const stored = readHeader(header);
  if (stored.kind !== kind) throw new FormatError(`The file holds a model of ${stored.kind}, not of ${kind}.`);
  const bytes = stored.entries.reduce((sum, { type, length }) => sum + length * bytesOf(type), 0);
  if (bytes !== reader.remaining) throw new FormatError("The arrays of the model file are not as long as it says.");
  const arrays: Record<string, StoredArray> = {};
  for (const { name, type, length } of stored.entries) {
    const array = new arrayTypes[type](length);
    const target = new Uint8Array(array.buffer);
    for (let offset = 0; offset < target.length; offset += PIECE_BYTES) {
      const count = Math.min(PIECE_BYTES, target.length - offset);
      await reader.need(count);
      target.set(reader.bytes(count), offset);
    }
    arrays[name] = array;
  }
  return new StoredModelReader({ kind, fields: stored.fields, arrays });
}

/** Gives out what a decoded file holds, and refuses what is not as it should be. */
export class StoredModelReader {
  readonly #model: StoredModel;

  constructor(model: StoredModel) {
    this.#model = model;
  }

  /** An integer of at least `minimum`. */
  integer(name: string, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): number {
    const value = this.number(name);
    if (!Number.isSafeInteger(value) || value < minimum || value > maximum) throw damaged(name);
    return value;
  }

  /** A finite number of at least `minimum`. */
  number(name: string, minimum = Number.NEGATIVE_INFINITY): number {
    const value = this.#model.fields[name];
    if (typeof value !== "number" || !Number.isFinite(value) || value < minimum) throw damaged(name);
    return value;
  }

  text(name: string): string {
    const value = this.#model.fields[name];
    if (typeof value !== "string") throw damaged(name);
    return value;
  }

  /** One of the words. */
  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const found = words.find((word) => word === this.#model.fields[name]);
    if (found === undefined) throw damaged(name);
    return found;
  }

  /** Finite numbers, so many of them. */
  floats(name: string, length: number): Float32Array {
    const array = this.#model.arrays[name];
    if (!(array instanceof Float32Array) || array.length !== length) throw damaged(name);
    if (!array.every(Number.isFinite)) throw damaged(name);
    return array;
  }

  /** `count` + 1 places, ascending from 0; the last says how many entries there are. */
  starts(name: string, count: number): Uint32Array {
    const array = this.#model.arrays[name];
    if (!(array instanceof Uint32Array) || array.length !== count + 1 || array[0] !== 0) throw damaged(name);
    if (array.some((start, index) => index > 0 && start < array[index - 1])) throw damaged(name);
    return array;
  }

  /** So many numbers below `limit`. */
  indexes(name: string, length: number, limit: number): Uint32Array {
    const array = this.#model.arrays[name];
    if (!(array instanceof Uint32Array) || array.length !== length) throw damaged(name);
    if (array.some((index) => index >= limit)) throw damaged(name);
    return array;
  }

  /** A file inside the file. */
  bytes(name: string): Uint8Array {
    const array = this.#model.arrays[name];
    if (!(array instanceof Uint8Array)) throw damaged(name);
    return array;
  }

  /** Finite numbers, so many of them. */
  doubles(name: string, length: number): Float64Array {
    const array = this.#model.arrays[name];
    if (!(array instanceof Float64Array) || array.length !== length) throw damaged(name);
    if (!array.every(Number.isFinite)) throw damaged(name);
    return array;
  }
}

function damaged(name: string): FormatError {
  return new FormatError(`The model file's ${name} is damaged.`);
}

function typeOf(array: StoredArray): ArrayType {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Uint32Array) return "uint32";
  return array instanceof Float64Array ? "float64" : "uint8";
}

function bytesOf(type: ArrayType): number {
  return arrayTypes[type].BYTES_PER_ELEMENT;
}

function readHeader(text: string): {
  readonly kind: unknown;
  readonly fields: Record<string, unknown>;
  readonly entries: ArrayEntry[];
} {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("The header of the model file is damaged.", { cause });
  }
  if (!isRecord(header) || !isRecord(header.fields) || !Array.isArray(header.arrays)) {
    throw new FormatError("The header of the model file is damaged.");
  }
  return { kind: header.kind, fields: header.fields, entries: header.arrays.map(readEntry) };
}

function readEntry(entry: unknown): ArrayEntry {
  if (!isRecord(entry)) throw new FormatError("The model file's list of arrays is damaged.");
  const { name, type, length } = entry;
  const isType = typeof type === "string" && Object.hasOwn(arrayTypes, type);
  if (typeof name !== "string" || !isType || !Number.isSafeInteger(length) || Number(length) < 0) {
    throw new FormatError("The model file's list of arrays is damaged.");
  }
  return { name, type: type as ArrayType, length: Number(length) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
