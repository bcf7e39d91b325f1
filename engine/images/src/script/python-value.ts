/** A number as Python writes it: JavaScript does not tell 3.0 from 3. */
export class PythonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export interface PythonDictionary {
  readonly [name: string]: PythonValue;
}

export type PythonValue = string | boolean | null | PythonNumber | readonly PythonValue[] | PythonDictionary;

type SourceReviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Python's `json.loads`, which keeps integers and floats apart. Throws SyntaxError. */
export function readPythonJson(text: string): PythonValue {
  // The third argument, the number's source text, is ECMAScript's JSON.parse source text access, which TypeScript's declarations lack.
  const reviver: SourceReviver = (_name, value, { source }) =>
    typeof value === "number" ? new PythonNumber(numberText(source ?? String(value))) : value;
  return JSON.parse(text, reviver as (this: unknown, name: string, value: unknown) => unknown) as PythonValue;
}

/** A value of ours, such as a path, a list of names or a count. */
export function toPythonValue(value: unknown): PythonValue {
  return readPythonJson(JSON.stringify(value ?? null));
}

/** `json.dumps(value, sort_keys=True, separators=(",", ":"))`. */
export function writePythonJson(value: PythonValue): string {
  if (value instanceof PythonNumber) return value.text;
  if (typeof value === "string") return JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, escapeUnit);
  if (isList(value)) return `[${value.map(writePythonJson).join(",")}]`;
  if (value === null || typeof value === "boolean") return String(value);
  return `{${sortedEntries(value)
    .map(([name, item]) => `${writePythonJson(name)}:${writePythonJson(item)}`)
    .join(",")}}`;
}

/** `str(value)`, which becomes the argument of a user's script; None is the empty string there. */
export function pythonText(value: PythonValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : representation(value);
}

/** A dictionary's entries in the order of their names. */
export function sortedEntries(value: PythonDictionary): [string, PythonValue][] {
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** `repr(value)`. */
function representation(value: PythonValue): string {
  if (value instanceof PythonNumber) return value.text;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quote(value);
  if (isList(value)) return `[${value.map(representation).join(", ")}]`;
  const items = Object.entries(value).map(([name, item]) => `${quote(name)}: ${representation(item)}`);
  return `{${items.join(", ")}}`;
}

/** Python prefers single quotes unless only double ones spare an escape. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", [mark]: `\\${mark}` };
  return `${mark}${text.replaceAll(/[\\\n\r\t'"]/g, (character) => escapes[character] ?? character)}${mark}`;
}

/** Integers as they are, of any size; floats as Python's shortest representation: 1e-05, 0.1, 1e+16. */
function numberText(source: string): string {
  if (/^-?\d+$/.test(source)) return source === "-0" ? "0" : source;
  const value = Number(source);
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Array.isArray does not tell a readonly array from the rest. */
function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}
