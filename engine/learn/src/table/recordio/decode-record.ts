import { BYTES, type WireReader } from "../../protobuf/wire-reader.ts";

/** `{ repeated values = 1; repeated uint64 keys = 2; repeated uint64 shape = 3 }`, numbers packed or one by one. */
export interface Tensor {
  readonly values: number[];
  /** Of a sparse vector: the column of each value. */
  readonly keys: number[];
  readonly shape: number[];
}

/** What a table needs of a record: the tensors called `values` of its features and of its label. */
export interface DataRecord {
  features?: Tensor;
  label?: Tensor;
}

/** aialgs.data's `Record { map<string, Value> features = 1; map<string, Value> label = 2; … }` (SageMaker's record.proto), from the reader's position to `end`. Throws WireError. */
export function decodeRecord(reader: WireReader, end: number): DataRecord {
  const record: DataRecord = {};
  while (reader.position < end) {
    const tag = reader.varint(end);
    if (tag === ((1 << 3) | BYTES)) record.features = readEntry(reader, end) ?? record.features;
    else if (tag === ((2 << 3) | BYTES)) record.label = readEntry(reader, end) ?? record.label;
    else reader.skip(tag % 8, end);
  }
  return record;
}

const VALUES = Buffer.from("values");

/** `{ key = 1; value = 2 }`: the tensor under the key `values`. */
function readEntry(reader: WireReader, outerEnd: number): Tensor | undefined {
  const end = reader.lengthDelimited(outerEnd);
  let isValues = false;
  let tensor: Tensor | undefined;
  while (reader.position < end) {
    const tag = reader.varint(end);
    if (tag === ((1 << 3) | BYTES)) {
      const keyEnd = reader.lengthDelimited(end);
      isValues = VALUES.compare(reader.bytes, reader.position, keyEnd) === 0;
      reader.position = keyEnd;
    } else if (tag === ((2 << 3) | BYTES)) tensor = readValue(reader, end);
    else reader.skip(tag % 8, end);
  }
  return isValues ? tensor : undefined;
}

type NumberReader = (reader: WireReader, end: number) => number;

/** `Value { oneof { Float32Tensor = 2; Float64Tensor = 3; Int32Tensor = 7; Bytes = 9 } }`: how a tensor's values are read, by field. */
const tensorValues: Readonly<Record<number, NumberReader>> = {
  2: (reader, end) => reader.float32(end),
  3: (reader, end) => reader.float64(end),
  7: (reader, end) => reader.int32(end),
};
const readUnsigned: NumberReader = (reader, end) => reader.varint(end);

function readValue(reader: WireReader, outerEnd: number): Tensor | undefined {
  const end = reader.lengthDelimited(outerEnd);
  let tensor: Tensor | undefined;
  while (reader.position < end) {
    const tag = reader.varint(end);
    const readNumber = tensorValues[tag >> 3];
    if (readNumber === undefined || tag % 8 !== BYTES) reader.skip(tag % 8, end);
    else tensor = readTensor(reader, reader.lengthDelimited(end), readNumber);
  }
  return tensor;
}

function readTensor(reader: WireReader, end: number, readNumber: NumberReader): Tensor {
  const tensor: Tensor = { values: [], keys: [], shape: [] };
  while (reader.position < end) {
    const tag = reader.varint(end);
    const field = tag >> 3;
    if (field === 1) readNumbers(reader, end, { tag, into: tensor.values, readNumber });
    else if (field === 2) readNumbers(reader, end, { tag, into: tensor.keys, readNumber: readUnsigned });
    else if (field === 3) readNumbers(reader, end, { tag, into: tensor.shape, readNumber: readUnsigned });
    else reader.skip(tag % 8, end);
  }
  return tensor;
}

/** Packed into one field, or one number in a field of its own. */
function readNumbers(
  reader: WireReader,
  outerEnd: number,
  { tag, into, readNumber }: { readonly tag: number; readonly into: number[]; readonly readNumber: NumberReader },
): void {
  if (tag % 8 !== BYTES) {
    into.push(readNumber(reader, outerEnd));
    return;
  }
  const end = reader.lengthDelimited(outerEnd);
  while (reader.position < end) into.push(readNumber(reader, end));
}
