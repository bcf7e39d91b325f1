/**
 * What the program `batch` is asked for: its configuration file. The model lies unpacked in `input/data/model`, the user's objects (JSON lines) below
 * `input/data/requests`, events since the training as `readDatasetGroup` reads them: datasets without segments. For each object it writes
 * `output/data/<the same path>.out`, a line for each line; https://docs.aws.amazon.com/personalize/latest/dg/batch-data-upload.html
 */
export interface BatchRequest {
  /** Items for the users or items of the lines, or users for their items or queries. */
  readonly kind: "inference" | "segment";
  /** Of each line. */
  readonly numResults: number;
  /** Of a filter, checked; its parameters' values are in the lines (`filterValues`). */
  readonly filterExpression?: string | undefined;
  readonly itemExplorationConfig?: Readonly<Record<string, string>> | undefined;
}

/** Where a batch job's parts lie below what stands for `/opt/ml`. */
export const BATCH_FOLDERS = {
  model: "input/data/model",
  requests: "input/data/requests",
  answers: "output/data",
} as const;
