import { FormatError, type StoredModel, type StoredModelReader } from "@rondo/learn";
import type { Column, Records, TextColumn } from "../records/records.ts";

type Arrays = Record<string, StoredModel["arrays"][string]>;

/** How columns are named and typed in a model's header. */
export type ColumnKinds = Readonly<Record<string, Column["kind"]>>;

/** Texts as two arrays: where each begins, and their UTF-8. */
export function storeTexts(name: string, texts: readonly string[]): Arrays {
  const encoded = Buffer.from(texts.join(""), "utf8");
  const starts = new Uint32Array(texts.length + 1);
  for (const [place, text] of texts.entries()) starts[place + 1] = starts[place] + Buffer.byteLength(text, "utf8");
  return { [`${name}.starts`]: starts, [`${name}.utf8`]: new Uint8Array(encoded) };
}

export function readTexts(stored: StoredModelReader, name: string, count: number): readonly string[] {
  const starts = stored.starts(`${name}.starts`, count);
  const bytes = stored.bytes(`${name}.utf8`);
  if (starts[count] !== bytes.length) throw new FormatError(`The model file's ${name} is damaged.`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, place) => buffer.toString("utf8", starts[place], starts[place + 1]));
}

/** Columns as arrays; what is missing is told apart, since numbers in a file are finite. */
export function storeColumns(name: string, { columns }: Records): Arrays {
  const stored = Object.entries(columns).map(([column, values], place) => {
    const prefix = `${name}.${place}`;
    if (values.kind === "text") return { ...storeTexts(prefix, values.values), ...storeCodes(prefix, values, column) };
    return {
      [`${prefix}.values`]: values.values.map((value) => (Number.isFinite(value) ? value : 0)),
      [`${prefix}.present`]: Uint8Array.from(values.values, (value) => Number(Number.isFinite(value))),
    };
  });
  return Object.assign({}, ...stored) as Arrays;
}

function storeCodes(prefix: string, { codes, values }: TextColumn, column: string): Arrays {
  if (codes.some((code) => code >= values.length)) throw new RangeError(`${column} has codes without values.`);
  return {
    [`${prefix}.count`]: Uint32Array.of(values.length),
    [`${prefix}.codes`]: Uint32Array.from(codes, (code) => code + 1),
  };
}

export function columnKinds({ columns }: Records): ColumnKinds {
  return Object.fromEntries(Object.entries(columns).map(([name, { kind }]) => [name, kind]));
}

export function readColumns(stored: StoredModelReader, name: string, count: number, kinds: ColumnKinds): Records {
  const columns = Object.entries(kinds).map(([column, kind], place): [string, Column] => [
    column,
    kind === "text"
      ? readTextColumn(stored, `${name}.${place}`, count)
      : readNumbers(stored, `${name}.${place}`, count),
  ]);
  return { count, columns: Object.fromEntries(columns) };
}

function readTextColumn(stored: StoredModelReader, prefix: string, count: number): Column {
  const [distinct] = stored.indexes(`${prefix}.count`, 1, 2 ** 32);
  const codes = stored.indexes(`${prefix}.codes`, count, distinct + 1);
  return {
    kind: "text",
    values: readTexts(stored, prefix, distinct),
    codes: Int32Array.from(codes, (code) => code - 1),
  };
}

function readNumbers(stored: StoredModelReader, prefix: string, count: number): Column {
  const values = stored.doubles(`${prefix}.values`, count);
  const present = stored.bytes(`${prefix}.present`);
  if (present.length !== count) throw new FormatError(`The model file's ${prefix}.present is damaged.`);
  return { kind: "number", values: values.map((value, place) => (present[place] === 1 ? value : Number.NaN)) };
}
