import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { LabelledText } from "@rondo/learn";
import { CsvError, parse } from "csv-parse";
import { ClientError } from "../client-error.ts";
import { MOST_CHARACTERS, readTextLines } from "../read-text-lines.ts";

const LABEL_PREFIX = "__label__";
const GZIP = Buffer.from([0x1f, 0x8b]);
const HEAD_BYTES = 4096;

/**
 * The labelled texts of a channel's files. A file whose first character is `{` holds JSON lines: `{"source": "text", "label": 1}`
 * as augmented manifests have them, or `{"text": "text", "labels": ["a", "b"]}`. One that begins with `__label__` holds
 * fastText's lines. Every other is CSV: with a header that names `text` and `label`, or without one label, text.
 * Throws ClientError naming file and line.
 */
export async function* readTextChannel(files: readonly string[]): AsyncGenerator<LabelledText> {
  for (const file of files) {
    const head = await readHead(file);
    if (head.subarray(0, 2).equals(GZIP)) {
      throw new ClientError(`The file ${file} is compressed; the text classifier reads plain text.`);
    }
    const start = head
      .toString()
      .replace(/^\uFEFF/, "")
      .trimStart();
    if (start.startsWith("{")) yield* readLines(file, parseJsonLine);
    else if (start.startsWith(LABEL_PREFIX)) yield* readLines(file, parseLabelledLine);
    else yield* readCsvRows(file);
  }
}

async function readHead(file: string): Promise<Buffer> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

async function* readLines(
  file: string,
  parseLine: (line: string, where: string) => LabelledText,
): AsyncGenerator<LabelledText> {
  for await (const { line, where } of readTextLines(file)) yield parseLine(line, where);
}

/** `__label__a __label__b text`: labels first. */
function parseLabelledLine(line: string, where: string): LabelledText {
  const labels: string[] = [];
  let rest = line.trimStart();
  while (rest.startsWith(LABEL_PREFIX)) {
    const end = rest.search(/\s|$/);
    labels.push(rest.slice(LABEL_PREFIX.length, end));
    rest = rest.slice(end).trimStart();
  }
  if (labels.length === 0 || labels.includes("")) throw new ClientError(`${where} does not begin with __label__name.`);
  return { text: rest, labels };
}

const JSON_FORMS = '{"source": "text", "label": 1} or {"text": "text", "labels": ["a", "b"]}';

function parseJsonLine(line: string, where: string): LabelledText {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    throw new ClientError(`${where} is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  const { source, text = source, label, labels = label } = (parsed ?? {}) as Readonly<Record<string, unknown>>;
  const given: unknown[] = Array.isArray(labels) ? labels : [labels];
  const names = given.map((each) => (typeof each === "number" ? String(each) : each));
  if (typeof text !== "string" || !names.every((name) => typeof name === "string" && name !== "")) {
    throw new ClientError(`${where} is not of the form ${JSON_FORMS}.`);
  }
  return { text, labels: names as string[] };
}

interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* readCsvRows(file: string): AsyncGenerator<LabelledText> {
  const options = { bom: true, info: true, max_record_size: MOST_CHARACTERS, skip_empty_lines: true } as const;
  const rows = createReadStream(file).pipe(parse({ ...options, relax_column_count: true }));
  let columns: { readonly text: number; readonly label: number } | undefined;
  try {
    for await (const { record, info } of rows as AsyncIterable<CsvRow>) {
      if (columns === undefined) {
        const names = record.map((name) => name.trim().toLowerCase());
        const named = { text: names.indexOf("text"), label: names.indexOf("label") };
        const isHeader = named.text >= 0 && named.label >= 0;
        columns = isHeader ? named : { label: 0, text: 1 };
        if (isHeader) continue;
      }
      const text = record[columns.text];
      const label = record[columns.label]?.trim();
      if (text === undefined || label === undefined || label === "") {
        throw new ClientError(
          `The row of ${file} that ends in line ${info.lines} has no label and text; rows are label,text, or a header names them.`,
        );
      }
      yield { text, labels: [label] };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ClientError(`The file ${file} is no CSV: ${error.message}.`, { cause: error });
  }
}
