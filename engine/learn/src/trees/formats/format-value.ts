import { FormatError } from "../../algorithm.ts";

/** What XGBoost's model files are made of, as JSON and UBJSON both write it. Typed arrays are UBJSON's; in JSON they are lists of numbers. */
export type FormatValue =
  | null
  | boolean
  | number
  | string
  | FormatNumbers
  | Real
  | readonly FormatValue[]
  | FormatObject;

export interface FormatObject {
  readonly [name: string]: FormatValue;
}

export type FormatNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Int32Array
  | BigInt64Array;

/** A number to be written as a float32, by itself: a plain number is written as an integer. Reading gives plain numbers. */
export class Real {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** How deep lists and objects may lie in each other; XGBoost's own files need 8. */
export const MAXIMUM_DEPTH = 32;

/** A value of a file and where it stands, such as `learner.objective.name`, for messages. */
export interface Field {
  readonly path: string;
  readonly value: FormatValue | undefined;
}

/** The member of an object; its value is undefined when it is absent. Throws FormatError when the field is no object. */
export function member(field: Field, name: string): Field {
  const { value, path } = field;
  if (!isObject(value)) throw mismatch(field, "an object");
  return { path: path === "" ? name : `${path}.${name}`, value: Object.hasOwn(value, name) ? value[name] : undefined };
}

/** The names of an object's members. */
export function memberNames(field: Field): readonly string[] {
  if (!isObject(field.value)) throw mismatch(field, "an object");
  return Object.keys(field.value);
}

export function textOf(field: Field): string {
  if (typeof field.value !== "string") throw mismatch(field, "a text");
  return field.value;
}

/** A whole number from 0 to `maximum`, written as a number or as a text: XGBoost writes its parameters as texts. */
export function countOf(field: Field, maximum: number): number {
  const number = typeof field.value === "string" ? Number(field.value) : field.value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0 || number > maximum) {
    throw mismatch(field, `a whole number from 0 to ${maximum}`);
  }
  return number;
}

export function listOf(field: Field): readonly Field[] {
  const { value, path } = field;
  if (!Array.isArray(value)) throw mismatch(field, "a list");
  return value.map((item: FormatValue, index) => ({ path: `${path}[${index}]`, value: item }));
}

export function floatsOf(field: Field): Float32Array {
  return Float32Array.from(numbersOf(field));
}

/** Throws FormatError for one outside of int32. */
export function integersOf(field: Field): Int32Array {
  const numbers = numbersOf(field);
  for (const number of numbers) {
    if (number !== (number | 0)) throw mismatch(field, `a list of whole numbers below 2³¹; it has ${number}`);
  }
  return Int32Array.from(numbers);
}

function numbersOf(field: Field): ArrayLike<number> & Iterable<number> {
  const { value } = field;
  if (value instanceof BigInt64Array) return Array.from(value, Number);
  if (ArrayBuffer.isView(value)) return value;
  if (!Array.isArray(value)) throw mismatch(field, "a list of numbers");
  return value.map((item: FormatValue) => {
    if (typeof item === "boolean") return item ? 1 : 0;
    if (typeof item !== "number") throw mismatch(field, "a list of numbers");
    return item;
  });
}

function isObject(value: FormatValue | undefined): value is FormatObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function mismatch({ path, value }: Field, wanted: string): FormatError {
  const where = path === "" ? "The model file" : `The model's ${path}`;
  const what = value === undefined ? "is missing" : `is not ${wanted}`;
  return new FormatError(`${where} ${what}${value === undefined ? `; it must be ${wanted}` : ""}.`);
}
