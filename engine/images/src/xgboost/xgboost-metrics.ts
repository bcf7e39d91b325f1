import { metricNames } from "@rondo/learn";

/** Of each metric the last value in the log, by channel: `train:rmse`, `validation:ndcg` (also of `ndcg@32`). */
export const xgboostMetrics: readonly { readonly name: string; readonly regex: string }[] = [
  "train",
  "validation",
].flatMap((dataset) =>
  metricNames.map((metric) => ({
    name: `${dataset}:${metric}`,
    regex: `\\[[0-9]+\\].*#011${dataset}-${metric}(?:@[^:\\s#]+)?:(-?[0-9.]+(?:e[+-]?[0-9]+)?|nan|inf)`,
  })),
);
