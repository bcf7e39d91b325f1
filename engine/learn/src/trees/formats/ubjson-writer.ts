import { type FormatNumbers, type FormatValue, Real } from "./format-value.ts";

/** Bytes, before they become a chunk. */
const CHUNK = 1 << 16;

/** UBJSON as XGBoost writes it: lengths are int64, typed arrays strongly typed. In pieces of some 64 KiB. */
export function* writeUbjson(value: FormatValue): Generator<Uint8Array> {
  let gathered: Buffer[] = [];
  let length = 0;
  for (const piece of pieces(value)) {
    gathered.push(piece);
    length += piece.length;
    if (length < CHUNK) continue;
    yield Buffer.concat(gathered);
    gathered = [];
    length = 0;
  }
  yield Buffer.concat(gathered);
}

function* pieces(value: FormatValue): Generator<Buffer> {
  if (value === null) yield Buffer.from("Z");
  else if (value === true) yield Buffer.from("T");
  else if (value === false) yield Buffer.from("F");
  else if (typeof value === "number") yield integer(value);
  else if (typeof value === "string") yield Buffer.concat([Buffer.from("S"), text(value)]);
  else if (value instanceof Real) yield real(value.value);
  else if (ArrayBuffer.isView(value)) yield numbers(value);
  else if (Array.isArray(value)) yield* list(value);
  else yield* object(value as Readonly<Record<string, FormatValue>>);
}

function* list(values: readonly FormatValue[]): Generator<Buffer> {
  yield Buffer.concat([Buffer.from("[#"), int64(values.length)]);
  for (const value of values) yield* pieces(value);
}

function* object(members: Readonly<Record<string, FormatValue>>): Generator<Buffer> {
  yield Buffer.from("{");
  for (const [name, value] of Object.entries(members)) {
    yield text(name);
    yield* pieces(value);
  }
  yield Buffer.from("}");
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int64(bytes.length), bytes]);
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write("L");
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

/** By the narrowest type that holds it. */
function integer(value: number): Buffer {
  if (value === (value << 24) >> 24) return Buffer.from([0x69, value]);
  if (value === (value << 16) >> 16) return Buffer.from([0x49, value >> 8, value]);
  if (value !== (value | 0)) return int64(value);
  const bytes = Buffer.alloc(5);
  bytes.write("l");
  bytes.writeInt32BE(value, 1);
  return bytes;
}

function real(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write("d");
  bytes.writeFloatBE(value, 1);
  return bytes;
}

function numbers(values: FormatNumbers): Buffer {
  const body = Buffer.from(
    values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength) as ArrayBuffer,
  );
  if (values.BYTES_PER_ELEMENT === 2) body.swap16();
  if (values.BYTES_PER_ELEMENT === 4) body.swap32();
  if (values.BYTES_PER_ELEMENT === 8) body.swap64();
  return Buffer.concat([Buffer.from(`[$${markerOf(values)}#`), int64(values.length), body]);
}

function markerOf(values: FormatNumbers): string {
  if (values instanceof Float32Array) return "d";
  if (values instanceof Float64Array) return "D";
  if (values instanceof Int8Array) return "i";
  if (values instanceof Uint8Array) return "U";
  if (values instanceof Int16Array) return "I";
  return values instanceof Int32Array ? "l" : "L";
}
