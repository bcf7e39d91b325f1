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
  collect(value, { name, dims, elements }, 0);
  return { type, data: typed(name, type, elements), dims };
}

interface Collected {
  readonly name: string;
  readonly dims: readonly number[];
  readonly elements: (number | string | boolean)[];
}

/** Goes no deeper than the shape: what comes in is JSON of a stranger's. */
function collect(value: unknown, collected: Collected, depth: number): void {
  const { name, dims, elements } = collected;
  if (depth < dims.length) {
    if (!Array.isArray(value) || value.length !== dims[depth]) {
      throw new ClientError(`The lists of the input ${name} are not of equal length.`);
    }
    for (const item of value) collect(item, collected, depth + 1);
  } else if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") {
    elements.push(value);
  } else {
    const found = Array.isArray(value) ? "a list" : value === null ? "null" : "an object";
    throw new ClientError(`The input ${name} holds ${found} where the model takes an element.`);
  }
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
      return Int32Array.from(numbers(), (number) => toInteger(name, number, { type, most: 2 ** 31 - 1 }));
    case "int64":
      return BigInt64Array.from(numbers(), (number) =>
        BigInt(toInteger(name, number, { type, most: Number.MAX_SAFE_INTEGER })),
      );
    case "bool":
      return Uint8Array.from(numbers());
    case "string":
      return elements.map(String);
    default:
      throw new ClientError(`The input ${name} is of the type ${type}, which is not served.`);
  }
}

function toInteger(
  name: string,
  number: number,
  { type, most }: { readonly type: string; readonly most: number },
): number {
  if (Number.isInteger(number) && number <= most && number >= -most - 1) return number;
  throw new ClientError(`The input ${name} holds ${number}; the model takes integers up to ${most} (${type}).`);
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
