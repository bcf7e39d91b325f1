import { bytesField, varints } from "../../protobuf/wire-writer.ts";
import { MAGIC, paddedLength } from "./record-frame.ts";

/** A vector of float32; with `keys`, the columns of its values, of as many columns as `width` says. */
export interface TensorValues {
  readonly values: ArrayLike<number>;
  readonly keys?: ArrayLike<number>;
  readonly width?: number;
}

/** The two maps of a record. */
export interface RecordValues {
  readonly features?: Readonly<Record<string, TensorValues>>;
  readonly label?: Readonly<Record<string, TensorValues>>;
}

const FEATURES = 1;
const LABEL = 2;
const FLOAT32_TENSOR = 2;

/** One framed record of aialgs.data, as SageMaker's algorithms answer `application/x-recordio-protobuf` and as `readRecordIo` reads it. */
export function encodeRecord({ features = {}, label = {} }: RecordValues): Uint8Array {
  const record = Buffer.concat([
    ...Object.entries(features).map(([name, tensor]) => mapEntry(FEATURES, name, tensor)),
    ...Object.entries(label).map(([name, tensor]) => mapEntry(LABEL, name, tensor)),
  ]);
  const frame = Buffer.alloc(8 + paddedLength(record.length));
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(record.length, 4);
  frame.set(record, 8);
  return frame;
}

function mapEntry(field: number, name: string, tensor: TensorValues): Buffer {
  const key = bytesField(1, name);
  const value = bytesField(2, bytesField(FLOAT32_TENSOR, encodeTensor(tensor)));
  return bytesField(field, Buffer.concat([key, value]));
}

function encodeTensor({ values, keys, width }: TensorValues): Buffer {
  const floats = Buffer.alloc(values.length * 4);
  for (let index = 0; index < values.length; index += 1) floats.writeFloatLE(values[index], index * 4);
  return Buffer.concat([
    bytesField(1, floats),
    ...(keys === undefined ? [] : [bytesField(2, varints(Array.from(keys)))]),
    ...(width === undefined ? [] : [bytesField(3, varints([width]))]),
  ]);
}
