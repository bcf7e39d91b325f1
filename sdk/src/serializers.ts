/** Turns what a program has into a request body. */
export interface Serializer<Input> {
  readonly contentType: string;
  serialize(input: Input): string | Uint8Array;
}

/** Turns an answer into what a program wants. Throws when the answer is not of that form. */
export interface Deserializer<Output> {
  /** The media type asked for. */
  readonly accept: string;
  deserialize(body: string): Output;
}

/** Checks foreign JSON and gives it a type: a zod schema's `parse`, or a function of your own that throws. */
export type Parse<Output> = (value: unknown) => Output;

/** One value as `application/json`. */
export function jsonSerializer<Input = unknown>(): Serializer<Input> {
  return { contentType: "application/json", serialize: (input) => JSON.stringify(input) };
}

/**
 * Reads `application/json`. With `parse` the answer is checked and typed, without it `unknown`.
 *
 * @example
 * ```ts
 * import { type Deserializer, jsonDeserializer } from "@rondo/sdk";
 * const scores: Deserializer<number[]> = jsonDeserializer((value) => {
 *   if (!Array.isArray(value)) throw new TypeError("The endpoint did not answer with a list.");
 *   return value.map(Number);
 * });
 * ```
 */
export function jsonDeserializer(): Deserializer<unknown>;
export function jsonDeserializer<Output>(parse: Parse<Output>): Deserializer<Output>;
export function jsonDeserializer(parse: Parse<unknown> = (value) => value): Deserializer<unknown> {
  return { accept: "application/json", deserialize: (body) => parse(JSON.parse(body)) };
}

/** One value a line as `application/jsonlines`. */
export function jsonLinesSerializer<Input = unknown>(): Serializer<readonly Input[]> {
  return {
    contentType: "application/jsonlines",
    serialize: (values) => values.map((value) => `${JSON.stringify(value)}\n`).join(""),
  };
}

/** Reads `application/jsonlines`; empty lines are skipped. */
export function jsonLinesDeserializer(): Deserializer<unknown[]>;
export function jsonLinesDeserializer<Output>(parse: Parse<Output>): Deserializer<Output[]>;
export function jsonLinesDeserializer(parse: Parse<unknown> = (value) => value): Deserializer<unknown[]> {
  return {
    accept: "application/jsonlines",
    deserialize: (body) =>
      body
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => parse(JSON.parse(line))),
  };
}

/** Rows as `text/csv` without a header, quoted where RFC 4180 asks for it. */
export function csvSerializer(): Serializer<readonly (readonly (string | number)[])[]> {
  return {
    contentType: "text/csv",
    serialize: (rows) => rows.map((row) => row.map((cell) => csvCell(String(cell))).join(",")).join("\n"),
  };
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Reads `text/csv` into rows of texts (RFC 4180: quotes, doubled quotes, line breaks inside quotes). */
export function csvDeserializer(): Deserializer<string[][]> {
  return { accept: "text/csv", deserialize: parseCsv };
}

function parseCsv(body: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell, quoted or bare, and what ends it: a comma, a line break or the end of the text.
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (cells.lastIndex < body.length) {
    const position = cells.lastIndex;
    const match = cells.exec(body);
    if (match === null) throw new TypeError(`The answer is not CSV at character ${position}.`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] !== ",") {
      rows.push(row);
      row = [];
    }
  }
  if (body.endsWith(",")) rows.push([...row, ""]);
  return rows;
}

/** A text as `text/plain`. */
export function textSerializer(): Serializer<string> {
  return { contentType: "text/plain", serialize: (text) => text };
}

/** Reads `text/plain` as it is. */
export function textDeserializer(): Deserializer<string> {
  return { accept: "text/plain", deserialize: (body) => body };
}
