import { FormatError } from "../algorithm.ts";
import { BYTES, createWireReader, WireError, type WireReader } from "../protobuf/wire-reader.ts";

/** What can be read back of a model file that `createOnnxGraph` wrote. */
export interface OnnxContent {
  /** The float32 tensors by name, row-major. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
}

const GRAPH = 7;
const METADATA = 14;
const INITIALIZER = 5;

/** Throws FormatError for bytes that are no model, or are cut off. */
export function readOnnx(bytes: Uint8Array): OnnxContent {
  const weights = new Map<string, Float32Array>();
  const metadata: Record<string, string> = {};
  const reader = createWireReader(bytes, 0);
  try {
    eachField(reader, bytes.length, (number, end) => {
      if (number === GRAPH) {
        eachField(reader, end, (part, endOfPart) => {
          if (part !== INITIALIZER) return;
          const { texts, last } = readFields(reader, endOfPart);
          const name = texts.get(8)?.toString() ?? "";
          if (last.get(2) === 1) weights.set(name, toFloats(texts.get(9) ?? Buffer.alloc(0)));
        });
      } else if (number === METADATA) {
        const { texts } = readFields(reader, end);
        metadata[texts.get(1)?.toString() ?? ""] = texts.get(2)?.toString() ?? "";
      }
    });
  } catch (error) {
    if (error instanceof WireError) throw new FormatError(`This is no ONNX model: ${error.message}.`);
    throw error;
  }
  return { weights, metadata };
}

/** Calls `visit` for each length-delimited field, whose content it may read; whatever it leaves is passed over. */
function eachField(reader: WireReader, end: number, visit: (number: number, end: number) => void): void {
  while (reader.position < end) {
    const key = reader.varint(end);
    if (key % 8 === BYTES) {
      const endOfField = reader.lengthDelimited(end);
      visit(Math.floor(key / 8), endOfField);
      reader.position = endOfField;
    } else {
      reader.skip(key % 8, end);
    }
  }
}

/** Of a message: its byte fields, and the last value of each varint field. */
function readFields(reader: WireReader, end: number) {
  const texts = new Map<number, Buffer>();
  const last = new Map<number, number>();
  while (reader.position < end) {
    const key = reader.varint(end);
    if (key % 8 === BYTES) {
      const endOfField = reader.lengthDelimited(end);
      texts.set(Math.floor(key / 8), Buffer.from(reader.bytes.subarray(reader.position, endOfField)));
      reader.position = endOfField;
    } else if (key % 8 === 0) {
      last.set(Math.floor(key / 8), reader.varint(end));
    } else {
      reader.skip(key % 8, end);
    }
  }
  return { texts, last };
}

function toFloats(bytes: Buffer): Float32Array {
  const copy = new Uint8Array(bytes.length - (bytes.length % 4));
  copy.set(bytes.subarray(0, copy.length));
  return new Float32Array(copy.buffer);
}
