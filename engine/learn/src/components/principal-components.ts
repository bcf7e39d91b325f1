import { setImmediate } from "node:timers/promises";
import {
  createMemoryLayout,
  type DenseRows,
  multiplyTransposed,
  PANEL,
  panelsOf,
  startKernelThreads,
} from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import { decodeArrays, encodeArrays } from "../arrays-file.ts";
import { readModelHeader } from "../model-header.ts";
import { ParameterError, type ParameterTable, type ParameterValues, resolveParameters } from "../parameters.ts";
import { createRandom } from "../random.ts";
import {
  completeRows,
  LARGEST_SQUARED,
  requireColumns,
  requireCompleteRows,
  requireRows,
} from "../table/complete-rows.ts";
import type { Table } from "../table/table.ts";
import type { RowPredictions, TableAlgorithm, TableFitContext } from "../table/table-algorithm.ts";
import { type CentredRows, columnMeans, sampleMeans, sumProjections, sumSquares } from "./column-products.ts";
import { leadingEigenvectors } from "./leading-eigenvectors.ts";
import { orthonormalize } from "./orthonormalize.ts";
import { decomposeSymmetric, orient } from "./symmetric-eigen.ts";

export const principalComponentsParameters = {
  components: { type: "integer", minimum: 1, maximum: 1_000_000, default: 2 },
  /** regular: all eigenvectors of the covariance matrix; randomized: the greatest ones, for many columns. */
  mode: { type: "categorical", values: ["regular", "randomized"], default: "regular" },
  subtractMean: { type: "boolean", default: true },
  /** Of `randomized`: directions that are followed beyond the components; −1: as many as components, at least 10. */
  extraComponents: { type: "integer", minimum: -1, maximum: 1_000_000, default: -1 },
} as const satisfies ParameterTable;

type Values = ParameterValues<typeof principalComponentsParameters>;

export interface PrincipalComponentsModel {
  /** Of the columns; zeros where it is not subtracted. */
  readonly mean: Float32Array;
  /** One row of length 1 for each component, that of the greatest variance first. */
  readonly components: DenseRows;
  /** Of the rows along each component, with n − 1 as the divisor. */
  readonly variances: Float64Array;
  /** Of all columns together. */
  readonly totalVariance: number;
}

const FORMAT = "rondo-principal-components-1";
/** Over the rows; the variances of real data then agree with the exact ones to some 1e-6. */
const PASSES = 5;
/** Of all passes together: their matrix must be decomposed. */
const MOST_DIRECTIONS = 512;
/** Products below which the start of a kernel does not pay off. */
const FEW_PRODUCTS = 100_000;

/**
 * Principal components (Pearson 1901), exact by the eigenvectors of the covariance matrix or within the randomized block Krylov space
 * (Halko, Martinsson and Tropp 2011, with what Musco and Musco 2015, algorithm 2, keep of each pass). Predicts the projection of a row on each component. Of each component the greatest
 * element is positive. Weights count; a missing value is refused.
 */
export const principalComponents: TableAlgorithm<typeof principalComponentsParameters, PrincipalComponentsModel> = {
  id: "principal-components",
  parameters: principalComponentsParameters,
  async fit(parameters, { train }, context) {
    const values = resolveParameters(principalComponentsParameters, parameters);
    requireRows(train.features, "PCA");
    const { features, weights } = train;
    const { columns } = features;
    if (values.components > columns) {
      const message = `Parameter components must be at most the ${columns} columns, not ${values.components}.`;
      throw new ParameterError("components", message);
    }
    const { mode, subtractMean } = values;
    // A number that is missing or too large makes every result useless: only then it is looked for.
    const requireFinite = (results: Float64Array | Float32Array): void => {
      if (!results.every(Number.isFinite)) requireCompleteRows(train, "PCA", LARGEST_SQUARED);
    };
    if (mode === "regular" && subtractMean && weights === undefined) {
      return fitRegular(await sumDeviations(train, context), { values, requireFinite }, context);
    }
    const mean = subtractMean ? await columnMeans(train, context.signal) : new Float32Array(columns);
    requireFinite(mean);
    const rows = { features, weights, mean };
    if (mode === "randomized") return await fitRandomized(rows, values, context);
    const sum = await sumSquares(rows, { ...context, onBlock: onBlockOf(context) });
    return fitRegular({ ...sum, mean }, { values, requireFinite }, context);
  },
  predict({ mean, components }, features) {
    requireColumns(features, components.columns);
    return project(centre(completeRows(features), mean), components);
  },
  encode: ({ mean, components, variances, totalVariance }) =>
    encodeArrays(
      { format: FORMAT, components: components.rows, columns: components.columns, totalVariance },
      { mean, variances, vectors: components.values },
    ),
  async decode(file) {
    const { header, take } = await decodeArrays(file, FORMAT);
    const settings = readModelHeader(header);
    const columns = settings.integer("columns", 1);
    const rows = settings.integer("components", 1, columns);
    return {
      mean: take("mean", Float32Array, columns),
      components: { rows, columns, values: take("vectors", Float32Array, rows * columns) },
      variances: take("variances", Float64Array, rows),
      totalVariance: settings.number("totalVariance"),
    };
  },
};

type OnBlock = (fraction: number) => void;

function onBlockOf({ onProgress }: TableFitContext): OnBlock {
  return (fraction) => onProgress?.({ fraction, iteration: 1, metrics: [] });
}

interface Deviations {
  readonly values: Float64Array;
  readonly weight: number;
  readonly mean: Float32Array;
}

/**
 * The sums of squares around the mean in one pass over the rows: around the mean of a sample, less what that is off: Σ(x − m)(x − m)ᵀ = Σ(x − s)(x − s)ᵀ − n (m −
 * s)(m − s)ᵀ.
 */
async function sumDeviations({ features }: Table, context: TableFitContext): Promise<Deviations> {
  const { columns } = features;
  const sample = sampleMeans(features);
  const { values, sums, weight } = await sumSquares(
    { features, mean: sample },
    { ...context, onBlock: onBlockOf(context) },
  );
  for (let row = 0; row < columns; row++) {
    const off = sums[row] / weight;
    for (let column = 0; column < columns; column++) values[row * columns + column] -= off * sums[column];
  }
  return { values, weight, mean: sample.map((value, column) => value + sums[column] / weight) };
}

interface Exactly {
  readonly values: Values;
  /** Throws DataError where the results tell of a number that is missing. */
  readonly requireFinite: (results: Float64Array) => void;
}

async function fitRegular(
  { values, weight, mean }: Deviations,
  { values: { components }, requireFinite }: Exactly,
  context: TableFitContext,
): Promise<PrincipalComponentsModel> {
  requireFinite(values);
  const columns = mean.length;
  const divisor = degreesOfFreedom(weight);
  const leading = { size: columns, count: components, signal: context.signal };
  const { values: eigenvalues, vectors } = await leadingEigenvectors(values, leading);
  let trace = 0;
  for (let column = 0; column < columns; column++) trace += values[column * columns + column];
  return {
    mean,
    components: { rows: components, columns, values: Float32Array.from(vectors) },
    variances: eigenvalues.map((value) => Math.max(0, value / divisor)),
    totalVariance: trace / divisor,
  };
}

async function fitRandomized(
  rows: CentredRows,
  { components, extraComponents }: Values,
  context: TableFitContext,
): Promise<PrincipalComponentsModel> {
  const { columns } = rows.features;
  const extra = extraComponents < 0 ? Math.max(10, components) : extraComponents;
  const width = Math.min(columns, components + extra);
  const random = createRandom(context.seed);
  const totalVariance = await sumVariances(rows, context.signal);
  // The directions of all passes and what the covariance makes of them: a Krylov space.
  let basis = orthonormalize(Float64Array.from({ length: width * columns }, random.normal), columns);
  let followed: Float64Array = new Float64Array(0);
  let weight = 0;
  const passes = Math.max(2, Math.min(PASSES, Math.floor(MOST_DIRECTIONS / width)));
  for (let pass = 1; ; pass++) {
    const newest = basis.subarray(followed.length);
    const directions = { rows: width, columns, values: Float32Array.from(newest) };
    const onBlock = (fraction: number): void =>
      context.onProgress?.({ fraction: (pass - 1 + fraction) / passes, iteration: pass, metrics: [] });
    const sum = await sumProjections(rows, directions, { ...context, onBlock });
    const next = transposeTo(sum.values, columns, width);
    if (pass === 1 || !context.stop?.aborted) {
      followed = concatenate(followed, next);
      weight = sum.weight;
    } else {
      // What was stopped in the middle does not go with the whole passes before.
      basis = basis.subarray(0, followed.length);
    }
    if (pass < passes && !context.stop?.aborted) {
      basis = orthonormalize(concatenate(basis, next), columns);
      continue;
    }
    const divisor = degreesOfFreedom(weight);
    const size = basis.length / columns;
    const restricted = restrict(basis, followed, columns);
    const { values: eigenvalues, vectors } = await decomposeSymmetric(restricted, size, context.signal);
    const turned = Float32Array.from(turn(basis, vectors, { components, columns, width: size }));
    return {
      mean: rows.mean,
      components: { rows: components, columns, values: turned },
      variances: eigenvalues.slice(0, components).map((value) => Math.max(0, value / divisor)),
      totalVariance: totalVariance / divisor,
    };
  }
}

function concatenate(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** What sums of squares are divided by: one less than the rows. */
function degreesOfFreedom(weight: number): number {
  if (weight === 0) throw new DataError("All rows have the weight 0.");
  return weight > 1 ? weight - 1 : 1;
}

/** Numbers between two looks at the signal: some milliseconds. */
const NUMBERS_PER_TURN = 2 ** 22;

/**
 * Of all columns: the weighted squared distances to the mean. Each distance is squared, not the numbers: the mean is rounded to float32, and
 * where it is large what that changes of its square is more than the variance.
 */
async function sumVariances({ features, weights, mean }: CentredRows, signal?: AbortSignal): Promise<number> {
  const { rows, columns, values } = features;
  const ofZeros = mean.reduce((squares, value) => squares + value ** 2, 0);
  let sum = 0;
  let next = NUMBERS_PER_TURN;
  for (let row = 0; row < rows; row++) {
    let ofRow = 0;
    if (features.kind === "dense") {
      const start = row * columns;
      for (let column = 0; column < columns; column++) ofRow += (values[start + column] - mean[column]) ** 2;
    } else {
      ofRow = ofZeros;
      for (let entry = features.rowStarts[row]; entry < features.rowStarts[row + 1]; entry++) {
        ofRow += values[entry] * (values[entry] - 2 * mean[features.columnIndexes[entry]]);
      }
    }
    sum += ofRow * (weights?.[row] ?? 1);
    if ((row + 1) * columns < next) continue;
    next += NUMBERS_PER_TURN;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return sum;
}

function transposeTo(values: Float64Array, columns: number, width: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let column = 0; column < columns; column++) {
    for (let index = 0; index < width; index++) result[index * columns + column] = values[column * width + index];
  }
  return result;
}

/** The matrix as it acts within the basis: basis · (matrix · basisᵀ), made symmetric. */
function restrict(basis: Float64Array, followed: Float64Array, columns: number): Float64Array {
  const width = basis.length / columns;
  const product = (left: number, right: number): number => {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += basis[left * columns + column] * followed[right * columns + column];
    }
    return sum;
  };
  return Float64Array.from({ length: width * width }, (_, place) => {
    const [left, right] = [Math.floor(place / width), place % width];
    return (product(left, right) + product(right, left)) / 2;
  });
}

/** The first eigenvectors in terms of the columns. */
function turn(
  basis: Float64Array,
  vectors: Float64Array,
  { components, columns, width }: { readonly components: number; readonly columns: number; readonly width: number },
): Float64Array {
  const turned = new Float64Array(components * columns);
  for (let component = 0; component < components; component++) {
    const vector = turned.subarray(component * columns, (component + 1) * columns);
    for (let index = 0; index < width; index++) {
      const scale = vectors[component * width + index];
      for (let column = 0; column < columns; column++) vector[column] += scale * basis[index * columns + column];
    }
    vector.set(orient(vector));
  }
  return turned;
}

function centre({ rows, columns, values }: DenseRows, mean: Float32Array): DenseRows {
  const centred = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      centred[row * columns + column] = values[row * columns + column] - mean[column];
    }
  }
  return { rows, columns, values: centred };
}

/** By the scalar reference or by the kernel, which gives the same numbers. */
function project(rows: DenseRows, components: DenseRows): RowPredictions {
  const width = components.rows;
  if (rows.rows * components.values.length <= FEW_PRODUCTS) {
    return { rows: rows.rows, width, values: multiplyTransposed(rows, components) };
  }
  const { columns } = rows;
  const panels = panelsOf(width);
  const layout = createMemoryLayout();
  const [source, given, packed, result] = [
    rows.values.length,
    width * columns,
    panels * PANEL * columns,
    rows.rows * panels * PANEL,
  ].map((count) => layout.take(count * 4));
  const memory = layout.allocate();
  new Float32Array(memory.buffer, source).set(rows.values);
  new Float32Array(memory.buffer, given).set(components.values);
  using kernel = startKernelThreads({ kernel: "matrix-multiply", memory, threads: 1 });
  kernel.own.call("packRows", [given, width, columns, packed, 0, panels]);
  kernel.own.call("multiplyTransposed", [source, packed, result, columns, panels, 0, rows.rows]);
  const padded = new Float32Array(memory.buffer, result, rows.rows * panels * PANEL);
  const values = new Float32Array(rows.rows * width);
  for (let row = 0; row < rows.rows; row++) {
    values.set(padded.subarray(row * panels * PANEL, row * panels * PANEL + width), row * width);
  }
  return { rows: rows.rows, width, values };
}
