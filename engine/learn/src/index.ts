export {
  type Algorithm,
  DataError,
  type EncodedModel,
  type FitContext,
  type FitProgress,
  FormatError,
} from "./algorithm.ts";
export {
  type ParameterDefinition,
  ParameterError,
  type ParameterTable,
  type ParameterValues,
  resolveParameters,
} from "./parameters.ts";
export {
  type DenseMatrix,
  denseMatrix,
  type Matrix,
  type SparseMatrix,
  sharedFloats,
  sliceRows,
  toDense,
} from "./table/matrix.ts";
export type { Table, TableData } from "./table/table.ts";
export type {
  MetricValue,
  RowPredictions,
  TableAlgorithm,
  TableFitContext,
  TableFitProgress,
} from "./table/table-algorithm.ts";
export { type FastTextData, type FastTextInput, fastText, fastTextParameters } from "./text/fasttext.ts";
export { type Corpus, readText, type TextChunks } from "./text/fasttext-corpus.ts";
export { evaluate, type FastTextModel, modelBytes } from "./text/fasttext-model.ts";
export { predictBytes, type TextPrediction } from "./text/fasttext-prediction.ts";
