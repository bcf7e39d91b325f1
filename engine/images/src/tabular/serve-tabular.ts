import { finishAtOnce, finishInSlices, type Matrix, type SlicedWork, sliceRows } from "@rondo/learn";
import type { InvocationRequest, InvocationResponse, LoadedModel } from "../image.ts";
import {
  type AnswerFormat,
  type AnswerWriter,
  createAnswerWriter,
  negotiateAnswer,
  type RowAnswer,
} from "./answer-predictions.ts";
import { type FeatureOptions, parseFeaturesInSlices } from "./parse-features.ts";
import { refusalOf } from "./refusal-of.ts";
import { mediaTypes, parseTabularType, type TabularFormat } from "./tabular-type.ts";

/** What an image over tables says of its model. */
export interface TabularModel extends FeatureOptions {
  /** Of the list in JSON answers; default predictions. */
  readonly list?: string;
  /** By the format of the request: that of the answer when Accept leaves it open. Default: JSON, but JSON lines and RecordIO as they come. */
  readonly usualAnswers?: Partial<Readonly<Record<TabularFormat, AnswerFormat>>>;
  /** The body of a CSV answer; default: a line for each row. */
  readonly writeCsv?: (rows: readonly RowAnswer[]) => string;
  /** As many rows as are predicted within a few milliseconds; default 1024. */
  readonly rowsPerSlice?: number;
  readonly sizeBytes: number;
  /** One answer per row. */
  predict(features: Matrix, request: InvocationRequest): readonly RowAnswer[];
  close?(): void;
}

const ROWS_PER_SLICE = 1024;

/** A model in memory over `predict`: request formats, Accept, errors as statuses 400, 406 and 415, and large requests in slices. */
export function serveTabular(model: TabularModel): LoadedModel {
  return {
    invoke: (request) => finishAtOnce(answer(model, request)),
    invokeInSlices: (request) => finishInSlices(answer(model, request)),
    sizeBytes: model.sizeBytes,
    close: () => model.close?.(),
  };
}

/** Others may have the event loop at each `yield`. */
function* answer(model: TabularModel, request: InvocationRequest): SlicedWork<InvocationResponse> {
  try {
    const requestFormat = parseTabularType(request.contentType)?.format ?? model.formats[0];
    const format = negotiateAnswer(request.accept, requestFormat, model.usualAnswers);
    const features = yield* parseFeaturesInSlices(request, model);
    const { rowsPerSlice = ROWS_PER_SLICE, list = "predictions" } = model;
    const writer =
      format === "csv" && model.writeCsv !== undefined
        ? createWholeWriter(model.writeCsv)
        : createAnswerWriter(format, list);
    for (let row = 0; row < features.rows; row += rowsPerSlice) {
      if (row > 0) yield;
      const slice = sliceRows(features, row, Math.min(row + rowsPerSlice, features.rows));
      writer.add(model.predict(slice, request));
    }
    return writer.finish();
  } catch (error) {
    return refusalOf(error);
  }
}

/** A CSV answer that needs to see all rows. */
function createWholeWriter(writeCsv: (rows: readonly RowAnswer[]) => string): AnswerWriter {
  const all: RowAnswer[] = [];
  return {
    add: (rows) => void all.push(...rows),
    finish: () => ({ status: 200, contentType: mediaTypes.csv, body: writeCsv(all) }),
  };
}
