import { DataError } from "../../algorithm.ts";
import type { ByteBlock } from "../byte-blocks.ts";
import { createFeatureRows, type FeatureRow, type FeatureRows } from "../feature-rows.ts";
import { forEachLineBlock, forEachLineSlice } from "../line-blocks.ts";
import { createRowAnnotations, type RowAnnotations } from "../row-annotations.ts";
import { finishAtOnce, type SlicedWork } from "../sliced-work.ts";
import type { Table } from "../table.ts";
import { dataErrorAt, type TableFile, totalBytes } from "../table-file.ts";
import type { TableOptions } from "../table-options.ts";
import { asObject, InstanceError, parseInstance, parseJsonNumber } from "./parse-instance.ts";

const NEWLINE = 0x0a;
/** Of a value in a line: a digit and a comma. */
const VALUE_BYTES = 2;
const INSTANCES_PER_SLICE = 4096;

export interface JsonOptions extends Pick<TableOptions, "columns"> {
  /** With 0 labels are not looked at; with 1 each instance must have one. Default 1. */
  readonly labelColumns?: 0 | 1;
}

/**
 * Reads JSON lines, an instance each, in the forms of `parseInstance` with `"label"` beside the features and, where they are wanted, `"weight"` and
 * `"group"`; in a plain list the label comes first. Sparse rows have zeros where nothing is written. Throws DataError naming file, line and value.
 */
export async function readJsonLines(files: readonly TableFile[], options: JsonOptions = {}): Promise<Table> {
  const state = createInstances(options, totalBytes(files));
  for (const file of files) {
    let line = 1;
    const locate = (text: string): DataError => dataErrorAt({ file: file.name, line }, text);
    await forEachLineBlock(file, (block) =>
      forEachLine(block, (text) => {
        if (text !== "") addInstance(state, parseJson(text, locate), locate);
        line += 1;
      }),
    );
  }
  return finishInstances(state, files.at(-1)?.name ?? "no file");
}

/** The same for what is in memory: the body of a request. */
export function* parseJsonLinesInSlices(
  bytes: Uint8Array,
  options: JsonOptions = {},
  name = "The request",
): SlicedWork<Table> {
  const state = createInstances(options, bytes.length);
  let line = 1;
  const locate = (text: string): DataError => dataErrorAt({ file: name, line }, text);
  yield* forEachLineSlice(name, bytes, (block) =>
    forEachLine(block, (text) => {
      if (text !== "") addInstance(state, parseJson(text, locate), locate);
      line += 1;
    }),
  );
  return finishInstances(state, name);
}

/** The same without a pause. */
export function parseJsonLines(bytes: Uint8Array, options?: JsonOptions, name?: string): Table {
  return finishAtOnce(parseJsonLinesInSlices(bytes, options, name));
}

/** A request `{"instances": […]}`, or the list alone. Throws DataError naming the instance, from 1. Only JSON.parse itself cannot pause. */
export function* parseJsonInstancesInSlices(
  bytes: Uint8Array,
  options: JsonOptions = {},
  name = "The request",
): SlicedWork<Table> {
  const state = createInstances(options, bytes.length);
  const body = parseJson(Buffer.from(bytes).toString(), (text) => dataErrorAt({ file: name }, text));
  const instances = Array.isArray(body) ? body : (body as { readonly instances?: unknown } | null)?.instances;
  if (!Array.isArray(instances)) throw new DataError(`${name} is not of the form {"instances": […]}.`);
  for (const [index, instance] of instances.entries()) {
    if ((index + 1) % INSTANCES_PER_SLICE === 0) yield;
    addInstance(state, instance, (text) => new DataError(`${name}, instance ${index + 1}: ${text}`));
  }
  return finishInstances(state, name);
}

/** The same without a pause. */
export function parseJsonInstances(bytes: Uint8Array, options?: JsonOptions, name?: string): Table {
  return finishAtOnce(parseJsonInstancesInSlices(bytes, options, name));
}

interface Instances {
  readonly options: JsonOptions;
  readonly features: FeatureRows;
  readonly annotations: RowAnnotations;
}

type Failure = (text: string) => DataError;

function createInstances(options: JsonOptions, byteLength: number): Instances {
  const features = createFeatureRows(options.columns, Math.ceil(byteLength / VALUE_BYTES));
  return { options, features, annotations: createRowAnnotations() };
}

function finishInstances({ features, annotations }: Instances, name: string): Table {
  if (features.rows === 0) throw new DataError(`The data are empty: ${name} has no instance.`);
  return { features: features.finish("zero"), ...annotations.finish(features.rows) };
}

/** Calls back with each whole line; returns where the first begins that the block does not end. */
function forEachLine({ bytes, start, end }: ByteBlock, take: (line: string) => void): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = start;
  for (;;) {
    const newline = bytes.indexOf(NEWLINE, position);
    if (newline >= end) return position;
    take(text.toString("utf8", position, newline).trim());
    position = newline + 1;
  }
}

function parseJson(text: string, failure: Failure): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw failure(`this is not JSON: ${(error as Error).message}.`);
  }
}

function addInstance({ options, features, annotations }: Instances, instance: unknown, failure: Failure): void {
  try {
    const hasLabel = options.labelColumns !== 0;
    if (!hasLabel) {
      features.add(parseInstance(instance), failure);
      return;
    }
    const { row, annotation } = Array.isArray(instance) ? splitList(instance) : splitObject(instance);
    annotations.add(features.rows, annotation, failure);
    features.add(row, failure);
  } catch (error) {
    throw error instanceof InstanceError ? failure(error.message) : error;
  }
}

interface LabelledRow {
  readonly row: FeatureRow;
  readonly annotation: { readonly label: number; readonly weight?: number; readonly group?: number };
}

function splitList([label, ...values]: readonly unknown[]): LabelledRow {
  return { row: parseInstance(values), annotation: { label: parseJsonNumber(label) } };
}

function splitObject(instance: unknown): LabelledRow {
  const { label, weight, group } = asObject(instance);
  if (label === undefined) throw new InstanceError('there is no "label".');
  const optional = (value: unknown): number | undefined => (value === undefined ? undefined : parseJsonNumber(value));
  return {
    row: parseInstance(instance),
    annotation: { label: parseJsonNumber(label), weight: optional(weight), group: optional(group) },
  };
}
