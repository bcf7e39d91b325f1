import {
  finishAtOnce,
  type Matrix,
  parseCsvInSlices,
  parseJsonInstancesInSlices,
  parseJsonLinesInSlices,
  parseLibsvmInSlices,
  parseRecordIoInSlices,
  type SlicedWork,
  type Table,
} from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { InvocationRequest } from "../image.ts";
import { toClientError } from "../in-user-terms.ts";
import { mediaTypes, parseTabularType, type TabularFormat } from "./tabular-type.ts";
import { UnsupportedTypeError } from "./unsupported-type-error.ts";

export interface FeatureOptions {
  /** How many columns the model was trained with. */
  readonly columns: number;
  /** What the image takes; the first is what a request without a content type holds. */
  readonly formats: readonly [TabularFormat, ...TabularFormat[]];
}

/**
 * The rows of a request's body. Throws UnsupportedTypeError (status 415) for a content type that the image does not take, ClientError (400) for a body
 * that is not of its type or has another number of columns.
 */
export function parseFeatures(request: InvocationRequest, options: FeatureOptions): Matrix {
  return finishAtOnce(parseFeaturesInSlices(request, options));
}

/** The same with pauses. */
export function* parseFeaturesInSlices(
  { body, contentType }: InvocationRequest,
  { columns, formats }: FeatureOptions,
): SlicedWork<Matrix> {
  const format = contentType === "" ? formats[0] : parseTabularType(contentType)?.format;
  if (format === undefined || !formats.includes(format)) {
    throw new UnsupportedTypeError(
      "Content type",
      contentType,
      formats.map((name) => mediaTypes[name]),
    );
  }
  try {
    const { features } = yield* parsers[format](body, { labelColumns: 0, columns });
    return features;
  } catch (error) {
    throw toClientError(error) ?? error;
  }
}

type Parser = (body: Uint8Array, options: { readonly labelColumns: 0; readonly columns: number }) => SlicedWork<Table>;

const parsers: Readonly<Record<TabularFormat, Parser>> = {
  csv: parseCsvInSlices,
  libsvm: parseLibsvmInSlices,
  "recordio-protobuf": parseRecordIoInSlices,
  json: parseJsonInstancesInSlices,
  jsonlines: parseJsonLinesInSlices,
  parquet: () => {
    throw new ClientError("Parquet is read from training channels, not from requests.");
  },
};
