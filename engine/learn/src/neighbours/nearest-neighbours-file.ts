import type { DenseRows } from "@rondo/kernels";
import { type EncodedModel, FormatError } from "../algorithm.ts";
import { type DecodedArrays, decodeArrays, encodeArrays, type ModelArray } from "../arrays-file.ts";
import { type ModelHeader, readModelHeader } from "../model-header.ts";
import type { InvertedLists } from "./inverted-lists.ts";
import { indexKinds, metrics, predictors, reductionKinds } from "./nearest-neighbours-parameters.ts";
import type { NeighbourIndex } from "./neighbour-index.ts";
import type { NearestNeighboursModel } from "./neighbours-model.ts";
import type { ProductQuantizer } from "./product-quantizer.ts";
import type { ColumnReduction } from "./reduce-columns.ts";

const FORMAT = "rondo-nearest-neighbours-1";
const LARGEST = 2 ** 31 - 1;

export function* encodeNeighbours(model: NearestNeighboursModel): Generator<Uint8Array> {
  const { index, reduction, labels, ...settings } = model;
  const header = {
    format: FORMAT,
    ...settings,
    rows: labels.length,
    index: index.kind,
    reduction: reduction.kind,
    ...(reduction.kind === "none" ? {} : { reducedColumns: reduction.reducedColumns, seed: reduction.seed }),
  };
  const { header: more, arrays } = describeIndex(index);
  yield* encodeArrays({ ...header, ...more }, { labels, ...arrays });
}

function describeIndex(index: NeighbourIndex): {
  readonly header: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, ModelArray>>;
} {
  if (index.kind === "flat") return { header: {}, arrays: { references: index.rows.values } };
  const { centers, starts, numbers } = index.lists;
  const header = { lists: centers.rows, probes: index.probes };
  const arrays = { centers: centers.values, starts, numbers };
  if (index.kind === "ivf-flat") return { header, arrays: { ...arrays, references: index.rows.values } };
  const { quantizers, codewords, codebooks, codes } = index.quantizer;
  return { header: { ...header, quantizers, codewords }, arrays: { ...arrays, codebooks, codes } };
}

/** Throws FormatError for bytes that are no such model. */
export async function decodeNeighbours(file: EncodedModel): Promise<NearestNeighboursModel> {
  const decoded = await decodeArrays(file, FORMAT);
  const header = readModelHeader(decoded.header);
  const rows = header.integer("rows", 1, LARGEST);
  const columns = header.integer("columns", 1, LARGEST);
  const reduction = readReduction(header, columns);
  const compared = reduction.kind === "none" ? columns : reduction.reducedColumns;
  return {
    k: header.integer("k", 1, rows),
    predictor: header.text("predictor", predictors),
    metric: header.text("metric", metrics),
    columns,
    reduction,
    index: readIndex(decoded, header, { rows, columns: compared }),
    labels: decoded.take("labels", Float32Array, rows),
  };
}

function readReduction(header: ModelHeader, columns: number): ColumnReduction {
  const kind = header.text("reduction", reductionKinds);
  if (kind === "none") return { kind };
  const reducedColumns = header.integer("reducedColumns", 1, columns);
  return { kind, columns, reducedColumns, seed: header.integer("seed", Number.MIN_SAFE_INTEGER) };
}

function readIndex(
  { take }: DecodedArrays,
  header: ModelHeader,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): NeighbourIndex {
  const kind = header.text("index", indexKinds);
  const references = (): DenseRows => ({ rows, columns, values: take("references", Float32Array, rows * columns) });
  if (kind === "flat") return { kind, rows: references() };
  const count = header.integer("lists", 1, rows);
  const probes = header.integer("probes", 1, count);
  const lists: InvertedLists = {
    centers: { rows: count, columns, values: take("centers", Float32Array, count * columns) },
    starts: take("starts", Uint32Array, count + 1),
    numbers: take("numbers", Uint32Array, rows),
  };
  requireLists(lists);
  if (kind === "ivf-flat") return { kind, rows: references(), lists, probes };
  const quantizers = header.integer("quantizers", 1, columns);
  const codewords = header.integer("codewords", 1, Math.min(256, rows));
  if (columns % quantizers !== 0) throw new FormatError(`${quantizers} quantizers do not divide ${columns} columns.`);
  const quantizer: ProductQuantizer = {
    quantizers,
    codewords,
    codebooks: take("codebooks", Float32Array, codewords * columns),
    codes: take("codes", Uint8Array, rows * quantizers),
  };
  if (quantizer.codes.some((code) => code >= codewords)) throw new FormatError("A code of the model has no codeword.");
  return { kind, lists, quantizer, probes };
}

function requireLists({ starts, numbers }: InvertedLists): void {
  const ascends = starts.every((start, list) => (list === 0 ? start === 0 : start >= starts[list - 1]));
  if (!ascends || starts[starts.length - 1] !== numbers.length || numbers.some((row) => row >= numbers.length)) {
    throw new FormatError("The lists of the model do not hold each of its rows.");
  }
}
