import { encodeRecord, type TensorValues } from "@rondo/learn";
import type { InvocationResponse } from "../image.ts";
import { mediaTypes, parseTabularType, type TabularFormat } from "./tabular-type.ts";
import { UnsupportedTypeError } from "./unsupported-type-error.ts";

/** What is said of one row, members in the order in which they are written: `{ score: 0.4, predicted_label: 0 }`. */
export type RowAnswer = Readonly<Record<string, number | readonly number[] | Float32Array>>;

/** The formats in which answers are written. */
export type AnswerFormat = Extract<TabularFormat, "json" | "jsonlines" | "csv" | "recordio-protobuf">;

const answerFormats: readonly AnswerFormat[] = ["json", "jsonlines", "csv", "recordio-protobuf"];

/**
 * The format of an answer: what Accept names, else what is `usual` for the request's format in this image, else as the guide has it JSON lines for JSON lines, RecordIO for RecordIO and JSON for everything else.
 * Throws UnsupportedTypeError for an Accept header that names none of them.
 */
export function negotiateAnswer(
  accept: string,
  requestFormat: TabularFormat,
  usual: Partial<Readonly<Record<TabularFormat, AnswerFormat>>> = {},
): AnswerFormat {
  const wanted = accept.split(",").map((choice) => choice.trim());
  if (wanted.every((choice) => choice === "" || choice.startsWith("*/*"))) {
    const own = usual[requestFormat];
    if (own !== undefined) return own;
    return requestFormat === "jsonlines" || requestFormat === "recordio-protobuf" ? requestFormat : "json";
  }
  for (const choice of wanted) {
    const format = answerFormats.find((candidate) => candidate === parseTabularType(choice)?.format);
    if (format !== undefined) return format;
  }
  throw new UnsupportedTypeError(
    "Accept",
    accept,
    answerFormats.map((format) => mediaTypes[format]),
  );
}

/** An answer that is written slice by slice. */
export interface AnswerWriter {
  add(rows: readonly RowAnswer[]): void;
  finish(): InvocationResponse;
}

/**
 * Writes one answer per row: JSON `{"predictions":[{…},…]}` (the list's name is the algorithm's: predictions, projections, scores), JSON lines `{…}`, CSV
 * with the members' numbers separated by commas, RecordIO with the members as tensors of the label.
 */
export function createAnswerWriter(format: AnswerFormat, list: string): AnswerWriter {
  const contentType = mediaTypes[format];
  if (format === "recordio-protobuf") {
    const records: Uint8Array[] = [];
    return {
      add: (rows) => void records.push(...rows.map(toRecord)),
      finish: () => ({ status: 200, contentType, body: Buffer.concat(records) }),
    };
  }
  const texts: string[] = [];
  const toText = format === "csv" ? toCsvLine : toJson;
  return {
    add: (rows) => void (rows.length > 0 && texts.push(rows.map(toText).join(format === "json" ? "," : "\n"))),
    finish: () => ({
      status: 200,
      contentType,
      body:
        format === "json"
          ? `{${JSON.stringify(list)}:[${texts.join(",")}]}`
          : texts.map((text) => `${text}\n`).join(""),
    }),
  };
}

/** The same for all rows at once. */
export function answerPredictions(format: AnswerFormat, list: string, rows: readonly RowAnswer[]): InvocationResponse {
  const writer = createAnswerWriter(format, list);
  writer.add(rows);
  return writer.finish();
}

/** As the SDK's RecordDeserializer expects it: each member a tensor of the label. */
function toRecord(row: RowAnswer): Uint8Array {
  const tensors = Object.entries(row).map(([name, value]) => [
    name,
    { values: typeof value === "number" ? [value] : value },
  ]);
  return encodeRecord({ label: Object.fromEntries(tensors) as Record<string, TensorValues> });
}

function toJson(row: RowAnswer): string {
  const members = Object.entries(row).map(([name, value]) => {
    const numbers = typeof value === "number" ? toNumber(value) : `[${Array.from(value, toNumber).join(",")}]`;
    return `${JSON.stringify(name)}:${numbers}`;
  });
  return `{${members.join(",")}}`;
}

/** JSON has no infinite numbers. */
function toNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}

function toCsvLine(row: RowAnswer): string {
  return Object.values(row).map(toCsv).join(",");
}

function toCsv(value: number | readonly number[] | Float32Array): string {
  return typeof value === "number" ? String(value) : Array.from(value, String).join(",");
}
