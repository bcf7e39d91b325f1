import { createReadStream } from "node:fs";
import { ClientError } from "../client-error.ts";
import { readTextLines } from "../read-text-lines.ts";

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;
const OPENING_BRACE = 0x7b;
const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * A channel's text in fastText's form. A file whose first byte is `{` holds JSON lines `{"source": "text", "label": 1}`
 * (or several labels), as augmented manifests have them; all others hold lines `__label__1 text`.
 */
export function readChannel(files: readonly string[]): AsyncGenerator<Uint8Array> {
  return readFiles(files, true);
}

/** A channel of sentences, one a line, for word vectors: plain text whatever it begins with. */
export function readSentenceChannel(files: readonly string[]): AsyncGenerator<Uint8Array> {
  return readFiles(files, false);
}

async function* readFiles(files: readonly string[], withJsonLines: boolean): AsyncGenerator<Uint8Array> {
  let endsWithNewline = true;
  for (const file of files) {
    if (!endsWithNewline) yield Uint8Array.of(NEWLINE);
    endsWithNewline = true;
    let first = true;
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
      if (first && chunk.subarray(0, 2).equals(GZIP)) {
        throw new ClientError(`The file ${file} is compressed; BlazingText reads plain text.`);
      }
      if (first && withJsonLines && chunk[0] === OPENING_BRACE) {
        yield* readJsonLines(file);
        break;
      }
      first = false;
      endsWithNewline = chunk.at(-1) === NEWLINE;
      yield chunk;
    }
  }
}

async function* readJsonLines(file: string): AsyncGenerator<Uint8Array> {
  for await (const { line, where } of readTextLines(file)) {
    const example = parseLine(line);
    if (example === undefined) throw new ClientError(`${where} is not of the form {"source": "text", "label": 1}.`);
    const labels = example.labels.map((label) => `__label__${label}`).join(" ");
    yield Buffer.from(`${labels} ${example.source.replaceAll(/[\r\n]+/g, " ")}\n`);
  }
}

function parseLine(
  line: string,
): { readonly source: string; readonly labels: readonly (string | number)[] } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { source, label } = parsed as { source?: unknown; label?: unknown };
  const labels: unknown[] = Array.isArray(label) ? label : [label];
  const isLabel = (value: unknown): value is string | number =>
    typeof value === "number" || (typeof value === "string" && /^\S+$/.test(value));
  return typeof source === "string" && labels.every(isLabel) ? { source, labels } : undefined;
}
