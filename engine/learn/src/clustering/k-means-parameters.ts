import type { ParameterTable, ParameterValues } from "../parameters.ts";
import { initializations } from "./seed-centers.ts";

/** Defaults as scikit-learn's KMeans and, for web-scale, as SageMaker's K-Means. */
export const kMeansParameters = {
  k: { type: "integer", minimum: 1, maximum: 1_000_000, default: 8 },
  /** lloyd: all rows in each iteration; web-scale: mini-batches with extra centers first, then Lloyd's iteration. */
  method: { type: "categorical", values: ["lloyd", "web-scale"], default: "lloyd" },
  initialization: { type: "categorical", values: initializations, default: "k-means++" },
  /** Of `lloyd`: the best of so many starts. */
  restarts: { type: "integer", minimum: 1, maximum: 10_000, default: 1 },
  /** Of Lloyd's iteration over all rows; 0 leaves the centers of `web-scale` as they are. */
  maximumIterations: { type: "integer", minimum: 0, maximum: 1_000_000, default: 300 },
  /** Share of the columns' mean variance. */
  tolerance: { type: "continuous", minimum: 0, maximum: 1, default: 1e-4 },
  epochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 1 },
  miniBatchSize: { type: "integer", minimum: 1, maximum: 10_000_000, default: 5000 },
  /** Rows after which what a row has added counts half; 0: always the same. */
  halfLife: { type: "integer", minimum: 0, maximum: 2_000_000_000, default: 0 },
  /** Centers for each of the k while mini-batches are followed; 0: 10, or fewer where there are few rows. */
  extraCenterFactor: { type: "integer", minimum: 0, maximum: 1000, default: 0 },
  localInitialization: { type: "categorical", values: initializations, default: "k-means++" },
  /** 0: 10. */
  localRestarts: { type: "integer", minimum: 0, maximum: 10_000, default: 0 },
  localMaximumIterations: { type: "integer", minimum: 1, maximum: 1_000_000, default: 300 },
  localTolerance: { type: "continuous", minimum: 0, maximum: 1, default: 1e-4 },
} as const satisfies ParameterTable;

export type KMeansValues = ParameterValues<typeof kMeansParameters>;
