import type { ParameterTable, ParameterValues } from "../parameters.ts";

export const metrics = ["l2", "inner-product", "cosine"] as const;
export type Metric = (typeof metrics)[number];

export const indexKinds = ["flat", "ivf-flat", "ivf-pq"] as const;
export const predictors = ["classifier", "regressor"] as const;
export const reductionKinds = ["none", "sign", "fjlt"] as const;

/** What SageMaker's k-NN is told, in the words of Faiss. */
export const nearestNeighboursParameters = {
  k: { type: "integer", minimum: 1, maximum: 1_000_000, default: 5 },
  /** classifier: the label that most neighbours have; regressor: their labels' mean. */
  predictor: { type: "categorical", values: predictors, default: "classifier" },
  metric: { type: "categorical", values: metrics, default: "l2" },
  /** Rows that are kept, drawn at random where there are more. */
  sampleSize: { type: "integer", minimum: 1, maximum: 2_000_000_000, default: 2_000_000_000 },
  /** flat is exact; ivf-flat looks into the nearest of the lists; ivf-pq does so with compressed rows. */
  index: { type: "categorical", values: indexKinds, default: "flat" },
  /** Lists of the inverted file; 0: the square root of the rows kept. */
  lists: { type: "integer", minimum: 0, maximum: 1_000_000, default: 0 },
  /** Lists that are looked into; 0: the square root of their number. */
  probes: { type: "integer", minimum: 0, maximum: 1_000_000, default: 0 },
  /** Bytes of a compressed row; divides the columns. */
  quantizers: { type: "integer", minimum: 1, maximum: 10_000, default: 8 },
  reduction: { type: "categorical", values: reductionKinds, default: "none" },
  /** Columns that are left by the reduction; 0 only without one. */
  reducedColumns: { type: "integer", minimum: 0, maximum: 1_000_000, default: 0 },
} as const satisfies ParameterTable;

export type NearestNeighboursValues = ParameterValues<typeof nearestNeighboursParameters>;
