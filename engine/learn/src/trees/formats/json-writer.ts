import { type FormatNumbers, type FormatValue, Real } from "./format-value.ts";
import { shortestFloat } from "./shortest-float.ts";

/** Of text, before it becomes a chunk. */
const CHUNK = 1 << 16;

/** JSON as XGBoost writes it: floats by the shortest digits that give them back, NaN and infinities bare. In pieces of some 64 KiB. */
export function* writeJson(value: FormatValue): Generator<Uint8Array> {
  let text = "";
  for (const piece of pieces(value)) {
    text += piece;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}

function* pieces(value: FormatValue): Generator<string> {
  if (value instanceof Real) yield shortestFloat(value.value);
  else if (ArrayBuffer.isView(value)) yield* numbers(value);
  else if (Array.isArray(value)) yield* list(value);
  else if (typeof value === "object" && value !== null) yield* object(value as Readonly<Record<string, FormatValue>>);
  else yield JSON.stringify(value);
}

function* numbers(values: FormatNumbers): Generator<string> {
  const write = values instanceof Float32Array ? shortestFloat : String;
  yield "[";
  for (let index = 0; index < values.length; index += 1) yield `${index > 0 ? "," : ""}${write(Number(values[index]))}`;
  yield "]";
}

function* list(values: readonly FormatValue[]): Generator<string> {
  yield "[";
  for (const [index, value] of values.entries()) {
    if (index > 0) yield ",";
    yield* pieces(value);
  }
  yield "]";
}

function* object(members: Readonly<Record<string, FormatValue>>): Generator<string> {
  yield "{";
  for (const [index, [name, value]] of Object.entries(members).entries()) {
    yield `${index > 0 ? "," : ""}${JSON.stringify(name)}:`;
    yield* pieces(value);
  }
  yield "}";
}
