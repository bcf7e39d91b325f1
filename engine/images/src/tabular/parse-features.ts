import {
  type Matrix,
  parseCsv,
  parseJsonInstances,
  parseJsonLines,
  parseLibsvm,
  parseRecordIo,
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
export function parseFeatures({ body, contentType }: InvocationRequest, { columns, formats }: FeatureOptions): Matrix {
  const format = contentType === "" ? formats[0] : parseTabularType(contentType)?.format;
  if (format === undefined || !formats.includes(format)) {
    throw new UnsupportedTypeError(
      "Content type",
      contentType,
      formats.map((name) => mediaTypes[name]),
    );
  }
  try {
    return parsers[format](body, { labelColumns: 0, columns }).features;
  } catch (error) {
    throw toClientError(error) ?? error;
  }
}

const parsers: Readonly<
  Record<TabularFormat, (body: Uint8Array, options: { readonly labelColumns: 0; readonly columns: number }) => Table>
> = {
  csv: parseCsv,
  libsvm: parseLibsvm,
  "recordio-protobuf": parseRecordIo,
  json: parseJsonInstances,
  jsonlines: parseJsonLines,
  parquet: () => {
    throw new ClientError("Parquet is read from training channels, not from requests.");
  },
};
