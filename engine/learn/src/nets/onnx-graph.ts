import { bytesField, varintField } from "../protobuf/wire-writer.ts";

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
      inputs.push(bytesField(11, valueInfo(input, shape)));
      return input;
    },
    weights(tensor, shape, values) {
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      tensors.push(bytesField(5, tensorProto(tensor, { shape, type: FLOAT, bytes })));
      return tensor;
    },
    integers(tensor, values) {
      const bytes = Buffer.from(BigInt64Array.from(values, BigInt).buffer);
      tensors.push(bytesField(5, tensorProto(tensor, { shape: [values.length], type: INT64, bytes })));
      return tensor;
    },
    node(operator, from, attributes = {}, output = `${operator}_${(made += 1)}`) {
      const given = Object.entries(attributes).map(([key, value]) => bytesField(5, attributeProto(key, value)));
      nodes.push(
        bytesField(1, [
          ...from.map((input) => bytesField(1, input)),
          bytesField(2, output),
          bytesField(4, operator),
          ...given,
        ]),
      );
      return output;
    },
    output(tensor, shape) {
      outputs.push(bytesField(12, valueInfo(tensor, shape)));
    },
    encode(metadata = {}) {
      const graph = bytesField(7, [...nodes, bytesField(2, name), ...tensors, ...inputs, ...outputs]);
      const operators = bytesField(8, [bytesField(1, ""), varintField(2, OPSET_VERSION)]);
      const properties = Object.entries(metadata).map(([key, value]) =>
        bytesField(14, [bytesField(1, key), bytesField(2, value)]),
      );
      return Buffer.concat([varintField(1, IR_VERSION), bytesField(2, "rondo"), graph, operators, ...properties]);
    },
  };
}

function valueInfo(name: string, shape: Shape): Buffer[] {
  const sizes = shape.map((size) =>
    bytesField(1, [typeof size === "string" ? bytesField(2, size) : varintField(1, size)]),
  );
  return [bytesField(1, name), bytesField(2, [bytesField(1, [varintField(1, FLOAT), bytesField(2, sizes)])])];
}

interface Tensor {
  readonly shape: readonly number[];
  readonly type: number;
  readonly bytes: Buffer;
}

function tensorProto(name: string, { shape, type, bytes }: Tensor): Buffer[] {
  return [
    ...shape.map((size) => varintField(1, size)),
    varintField(2, type),
    bytesField(8, name),
    bytesField(9, bytes),
  ];
}

function attributeProto(name: string, value: Attribute): Buffer[] {
  if (typeof value === "number") return [bytesField(1, name), varintField(3, value), varintField(20, 2)];
  if ("float" in value) {
    const float = Buffer.alloc(5, 2 * 8 + 5);
    float.writeFloatLE(value.float, 1);
    return [bytesField(1, name), float, varintField(20, 1)];
  }
  return [bytesField(1, name), ...value.map((item) => varintField(8, item)), varintField(20, 7)];
}
