import type { MemoryLayout } from "./memory-layout.ts";

/** In the order of the kernel's numbers for them. */
export const linearLosses = [
  "logistic",
  "hinge",
  "squared",
  "absolute",
  "eps-insensitive-squared",
  "eps-insensitive-absolute",
  "quantile",
  "huber",
  "softmax",
] as const;
export type LinearLoss = (typeof linearLosses)[number];

/** In the order of the kernel's numbers for them. */
export const linearOptimizers = ["adam", "rmsprop", "sgd"] as const;
export type LinearOptimizer = (typeof linearOptimizers)[number];

/** Scores of one row that the kernel computes together. */
const LANES_AT_ONCE = 4;
const ROWS_AT_ONCE = 4;
const FLOAT32 = 4;
const FLOAT64 = 8;

export interface LinearRowsShape {
  readonly rows: number;
  readonly columns: number;
  /** How many are written of compressed sparse rows; absent for dense ones. */
  readonly entries?: number;
}

/** Addresses of rows: features, labels and weights. `rowStarts` is 0 for dense rows, as the kernel wants it. */
export interface LinearRowsLayout extends LinearRowsShape {
  readonly values: number;
  readonly rowStarts: number;
  readonly columnIndexes: number;
  readonly labels: number;
  readonly rowWeights: number;
}

/** Takes the memory of a table; row starts and column indexes are uint32, everything else float32. */
export function takeLinearRows(layout: MemoryLayout, shape: LinearRowsShape): LinearRowsLayout {
  const { rows, columns, entries } = shape;
  return {
    ...shape,
    values: layout.take((entries ?? rows * columns) * FLOAT32),
    rowStarts: entries === undefined ? 0 : layout.take((rows + 1) * FLOAT32),
    columnIndexes: entries === undefined ? 0 : layout.take(entries * FLOAT32),
    labels: layout.take(rows * FLOAT32),
    rowWeights: layout.take(rows * FLOAT32),
  };
}

export interface LinearModelsShape {
  readonly columns: number;
  /** Scores of a row: models side by side, or the classes of one model. */
  readonly outputs: number;
  /** Of that many outputs each. */
  readonly groups: number;
  /** Blocks of rows whose sums are kept apart by one call of `differentiate`. */
  readonly partials: number;
  /** Mini-batches of an epoch. */
  readonly batches: number;
  readonly threads: number;
  readonly sparse: boolean;
}

/** Addresses of groups of models. In a group: weights, gradient, two moments (each columns + 1 rows of lanes, the last the bias); rates; sums. */
export interface LinearModelsLayout extends LinearModelsShape {
  /** Outputs rounded up to whole vectors. */
  readonly lanes: number;
  readonly groupsAddress: number;
  readonly groupBytes: number;
  /** Of the weights alone. */
  readonly blockBytes: number;
  readonly partialsAddress: number;
  readonly partialBytes: number;
  readonly batchOrder: number;
  /** For each thread what it alone writes to. */
  readonly own: readonly { readonly scratch: number; readonly stamps: number; readonly touched: number }[];
}

/** Takes the memory of the models that are trained together. */
export function takeLinearModels(layout: MemoryLayout, shape: LinearModelsShape): LinearModelsLayout {
  const lanes = Math.ceil(shape.outputs / LANES_AT_ONCE) * LANES_AT_ONCE;
  const blockBytes = (shape.columns + 1) * lanes * FLOAT32;
  const groupBytes = 4 * blockBytes + lanes * (3 * FLOAT32 + FLOAT64);
  const partialBytes = wholeLines(lanes * FLOAT64 + blockBytes);
  const columnBytes = shape.sparse ? shape.columns * FLOAT32 : 0;
  return {
    ...shape,
    lanes,
    blockBytes,
    groupBytes: wholeLines(groupBytes),
    partialBytes,
    groupsAddress: layout.take(wholeLines(groupBytes) * shape.groups),
    partialsAddress: layout.take(partialBytes * shape.partials),
    batchOrder: layout.take(shape.batches * FLOAT32),
    own: Array.from({ length: shape.threads }, () => ({
      scratch: layout.take(ROWS_AT_ONCE * lanes * FLOAT32),
      stamps: layout.take(columnBytes),
      touched: layout.take(columnBytes),
    })),
  };
}

function wholeLines(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** What a group's memory holds, as arrays over it. */
export interface LinearGroup {
  /** columns + 1 rows of lanes; the last row is the bias. */
  readonly weights: Float32Array;
  readonly learningRates: Float32Array;
  readonly weightDecays: Float32Array;
  readonly sparsities: Float32Array;
  /** Of each lane since they were last set to 0; softmax adds all to the first. */
  readonly lossSums: Float64Array;
}

/** Views of one group. */
export function linearGroup(models: LinearModelsLayout, memory: WebAssembly.Memory, number: number): LinearGroup {
  const { lanes, blockBytes, columns } = models;
  const address = models.groupsAddress + number * models.groupBytes;
  const rates = address + 4 * blockBytes;
  const floats = (index: number): Float32Array =>
    new Float32Array(memory.buffer, rates + index * lanes * FLOAT32, lanes);
  return {
    weights: new Float32Array(memory.buffer, address, (columns + 1) * lanes),
    learningRates: floats(0),
    weightDecays: floats(1),
    sparsities: floats(2),
    lossSums: new Float64Array(memory.buffer, rates + 3 * lanes * FLOAT32, lanes),
  };
}

/** Views of what `differentiate` has left of one block of rows. */
export function linearPartial(
  models: LinearModelsLayout,
  memory: WebAssembly.Memory,
  number: number,
): { readonly lossSums: Float64Array; readonly gradient: Float32Array } {
  const address = models.partialsAddress + number * models.partialBytes;
  const { lanes, columns } = models;
  return {
    lossSums: new Float64Array(memory.buffer, address, lanes),
    gradient: new Float32Array(memory.buffer, address + lanes * FLOAT64, (columns + 1) * lanes),
  };
}

/** The kernel's globals that say where the rows lie. */
export function rowGlobals(rows: LinearRowsLayout): Readonly<Record<string, number>> {
  const { values, rowStarts, columnIndexes, labels, rowWeights } = rows;
  return { values, rowStarts, columnIndexes, labels, rowWeights, rows: rows.rows, columns: rows.columns };
}

/** The kernel's globals that say where the models lie. */
export function modelGlobals(models: LinearModelsLayout): Readonly<Record<string, number>> {
  return {
    groups: models.groupsAddress,
    groupBytes: models.groupBytes,
    groupCount: models.groups,
    lanes: models.lanes,
    classes: models.outputs,
    partials: models.partialsAddress,
    partialBytes: models.partialBytes,
    batchOrder: models.batchOrder,
  };
}
