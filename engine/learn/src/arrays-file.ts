import { endianness } from "node:os";
import { type EncodedModel, FormatError } from "./algorithm.ts";
import { readWhole } from "./read-whole.ts";

/** A file's first line is never longer: what names a model fits in far less. */
const LONGEST_HEADER = 1 << 20;
const NEWLINE = 0x0a;

/** Numbers of a model, with the name under which its header tells their count. */
export type ModelArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** The types by their names in the file, and the bytes of a number. */
const numberBytes = { float32: 4, float64: 8, int32: 4, uint32: 4, uint8: 1 } as const;
type NumberType = keyof typeof numberBytes;

/** `Float32Array` → `float32`. */
function typeOf(constructorName: string): NumberType {
  return constructorName.slice(0, -"Array".length).toLowerCase() as NumberType;
}

/**
 * A model file that any language reads in a few lines: one line of JSON that says what the model is, then its arrays of
 * little-endian numbers one after the other, without padding. The header's `arrays` tells name, type and length of each.
 */
export function* encodeArrays(
  header: Readonly<Record<string, unknown>>,
  arrays: Readonly<Record<string, ModelArray>>,
): Generator<Uint8Array> {
  if (endianness() !== "LE") throw new Error("Model files are little-endian, this machine is not.");
  const described = Object.entries(arrays).map(([name, values]) => ({
    name,
    type: typeOf(values.constructor.name),
    length: values.length,
  }));
  yield Buffer.from(`${JSON.stringify({ ...header, arrays: described })}\n`);
  for (const { buffer, byteOffset, byteLength } of Object.values(arrays)) {
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

export interface DecodedArrays {
  readonly header: Readonly<Record<string, unknown>>;
  /** Throws FormatError when the file has no array of that name, type and length. */
  take<Values extends ModelArray>(name: string, type: ArrayConstructor<Values>, length: number): Values;
}

interface ArrayConstructor<Values extends ModelArray> {
  new (buffer: ArrayBuffer): Values;
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
}

/** Reads what `encodeArrays` wrote under the header's `format`; throws FormatError for anything else. */
export async function decodeArrays(file: EncodedModel, format: string): Promise<DecodedArrays> {
  const bytes = await readWhole(file);
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(NEWLINE);
  const header = end < 0 ? undefined : parseHeader(bytes.subarray(0, end));
  if (header?.["format"] !== format) throw new FormatError(`This is no model file of the format ${format}.`);
  const described = readDescriptions(header["arrays"]);
  const positions = new Map<string, { readonly type: NumberType; readonly length: number; readonly start: number }>();
  let start = end + 1;
  for (const { name, type, length } of described) {
    positions.set(name, { type, length, start });
    start += length * numberBytes[type];
  }
  if (start !== bytes.length) {
    throw new FormatError(`The model file has ${bytes.length} bytes; its header promises ${start}.`);
  }
  return {
    header,
    take(name, type, length) {
      const found = positions.get(name);
      const expected = typeOf(type.name);
      if (found === undefined || found.type !== expected || found.length !== length) {
        throw new FormatError(`The model file has no array ${name} of ${length} numbers of type ${expected}.`);
      }
      const last = found.start + length * type.BYTES_PER_ELEMENT;
      // A copy, since numbers must start at a multiple of their size.
      return new type(Uint8Array.from(bytes.subarray(found.start, last)).buffer);
    },
  };
}

function parseHeader(line: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(line.toString());
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

interface Description {
  readonly name: string;
  readonly type: NumberType;
  readonly length: number;
}

function readDescriptions(value: unknown): readonly Description[] {
  const isDescription = (item: unknown): item is Description => {
    const { name, type, length } = (item ?? {}) as Partial<Record<keyof Description, unknown>>;
    const known = typeof name === "string" && typeof type === "string" && Object.hasOwn(numberBytes, type);
    return known && Number.isSafeInteger(length) && Number(length) >= 0;
  };
  if (!Array.isArray(value) || !value.every(isDescription)) {
    throw new FormatError("The header of the model file does not tell its arrays.");
  }
  return value;
}
