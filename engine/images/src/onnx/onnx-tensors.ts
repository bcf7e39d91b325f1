import { ClientError } from "../client-error.ts";
import type { OnnxInput, OnnxTensor } from "./onnx-host.ts";

/** Numbers or texts in lists within lists, as JSON has tensors. */
export type Nested = number | string | boolean | readonly Nested[];

/** A declared size fits when it is that number, or one that requests choose. */
const fits = (declared: number | string, size: number): boolean =>
  typeof declared === "string" || declared < 0 || declared === size;

/** A JSON value as the tensor that the model declares. Throws ClientError for ragged lists, another shape, or elements of another type. */
export function toTensor({ name, type, shape }: OnnxInput, value: Nested): OnnxTensor {
  const dims: number[] = [];
  for (let level: Nested | undefined = value; Array.isArray(level); level = level[0]) dims.push(level.length);
  if (dims.length !== shape.length || !dims.every((size, axis) => fits(shape[axis] ?? -1, size))) {
    throw new ClientError(
      `The input ${name} has the shape [${dims.join(", ")}]; the model takes [${shape.join(", ")}].`,
    );
  }
  const elements: (number | string | boolean)[] = [];
  collect(value, elements);
  if (elements.length !== dims.reduce((all, size) => all * size, 1)) {
    throw new ClientError(`The lists of the input ${name} are not of equal length.`);
  }
  return { type, data: typed(name, type, elements), dims };
}

function collect(value: Nested, elements: (number | string | boolean)[]): void {
  if (typeof value === "object") for (const item of value) collect(item, elements);
  else elements.push(value);
}

function typed(name: string, type: string, elements: readonly (number | string | boolean)[]): OnnxTensor["data"] {
  const numbers = (): readonly number[] => {
    const wrong = elements.find((element) => typeof element === "string");
    if (wrong === undefined) return elements.map(Number);
    throw new ClientError(`The input ${name} holds ${JSON.stringify(wrong)}; the model takes numbers (${type}).`);
  };
  switch (type) {
    case "float32":
      return Float32Array.from(numbers());
    case "float64":
      return Float64Array.from(numbers());
    case "int32":
      return Int32Array.from(numbers());
    case "int64":
      return BigInt64Array.from(numbers(), (number) => BigInt(Math.trunc(number)));
    case "bool":
      return Uint8Array.from(numbers());
    case "string":
      return elements.map(String);
    default:
      throw new ClientError(`The input ${name} is of the type ${type}, which is not served.`);
  }
}

/** A tensor as JSON: lists within lists; numbers that JSON does not have become null. */
export function toNested({ data, dims, type }: OnnxTensor): unknown {
  const elements = Array.from(data as ArrayLike<number | bigint | string>, (element) => {
    if (type === "bool") return element === 1;
    if (typeof element === "bigint") return Number(element);
    return typeof element === "number" && !Number.isFinite(element) ? null : element;
  });
  const nest = (axis: number, start: number, length: number): unknown => {
    if (axis === dims.length) return elements[start];
    const size = dims[axis] ?? 0;
    const part = size === 0 ? 0 : length / size;
    return Array.from({ length: size }, (_, index) => nest(axis + 1, start + index * part, part));
  };
  return nest(0, 0, elements.length);
}
