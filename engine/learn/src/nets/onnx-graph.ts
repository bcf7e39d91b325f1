/**
 * Writing ONNX models: the few fields of onnx.proto3 (ONNX, "Open Neural Network Exchange Intermediate Representation", IR version 8) that graphs over tensors of
 * float32 and int64 need.
 */
const IR_VERSION = 8;
const OPSET_VERSION = 17;
const FLOAT = 1;
const INT64 = 7;

/** Sizes by axis; a text stands for a size that each call may choose. */
export type Shape = readonly (number | string)[];

export type Attribute = number | readonly number[] | { readonly float: number };

export interface OnnxGraph {
  /** Declares an input and returns its name. */
  input(name: string, shape: Shape): string;
  /** Adds a tensor of float32 that belongs to the model and returns its name. */
  weights(name: string, shape: readonly number[], values: Float32Array): string;
  /** Adds a tensor of int64, as operators take axes and sizes; returns its name. */
  integers(name: string, values: readonly number[]): string;
  /** Adds an operator with one output and returns that one's name, which is made up unless it is given. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    output?: string,
  ): string;
  /** Declares a tensor as output. */
  output(name: string, shape: Shape): void;
  /** The model file; `metadata` comes last, so that a file that is cut off lacks some of it. */
  encode(metadata?: Readonly<Record<string, string>>): Buffer;
}

export function createOnnxGraph(name: string): OnnxGraph {
  const [nodes, tensors, inputs, outputs]: Buffer[][] = [[], [], [], []];
  let made = 0;
  return {
    input(input, shape) {
      inputs.push(field(11, valueInfo(input, shape)));
      return input;
    },
    weights(tensor, shape, values) {
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      tensors.push(field(5, tensorProto(tensor, { shape, type: FLOAT, bytes })));
      return tensor;
    },
    integers(tensor, values) {
      const bytes = Buffer.from(BigInt64Array.from(values, BigInt).buffer);
      tensors.push(field(5, tensorProto(tensor, { shape: [values.length], type: INT64, bytes })));
      return tensor;
    },
    node(operator, from, attributes = {}, output = `${operator}_${(made += 1)}`) {
      const given = Object.entries(attributes).map(([key, value]) => field(5, attributeProto(key, value)));
      nodes.push(field(1, [...from.map((input) => field(1, input)), field(2, output), field(4, operator), ...given]));
      return output;
    },
    output(tensor, shape) {
      outputs.push(field(12, valueInfo(tensor, shape)));
    },
    encode(metadata = {}) {
      const graph = field(7, [...nodes, field(2, name), ...tensors, ...inputs, ...outputs]);
      const operators = field(8, [field(1, ""), integer(2, OPSET_VERSION)]);
      const properties = Object.entries(metadata).map(([key, value]) => field(14, [field(1, key), field(2, value)]));
      return Buffer.concat([integer(1, IR_VERSION), field(2, "rondo"), graph, operators, ...properties]);
    },
  };
}

function valueInfo(name: string, shape: Shape): Buffer[] {
  const sizes = shape.map((size) => field(1, [typeof size === "string" ? field(2, size) : integer(1, size)]));
  return [field(1, name), field(2, [field(1, [integer(1, FLOAT), field(2, sizes)])])];
}

interface Tensor {
  readonly shape: readonly number[];
  readonly type: number;
  readonly bytes: Buffer;
}

function tensorProto(name: string, { shape, type, bytes }: Tensor): Buffer[] {
  return [...shape.map((size) => integer(1, size)), integer(2, type), field(8, name), field(9, bytes)];
}

function attributeProto(name: string, value: Attribute): Buffer[] {
  if (typeof value === "number") return [field(1, name), integer(3, value), integer(20, 2)];
  if ("float" in value) {
    const float = Buffer.alloc(5, 2 * 8 + 5);
    float.writeFloatLE(value.float, 1);
    return [field(1, name), float, integer(20, 1)];
  }
  return [field(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)];
}

/** A length-delimited field: bytes, text, or the fields of a message. */
function field(number: number, content: string | Buffer | readonly Buffer[]): Buffer {
  const bytes =
    typeof content === "string" ? Buffer.from(content) : Buffer.isBuffer(content) ? content : Buffer.concat(content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A varint field; negative numbers take ten bytes. */
function integer(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
