import type { MetricValue } from "@rondo/learn";

/** `[0]#011train-rmse:1.23457#011validation-rmse:1.30000`: XGBoost's line of a round as CloudWatch shows it, where a tab appears as #011. */
export function evaluationLine(round: number, metrics: readonly MetricValue[]): string {
  const texts = metrics.map(({ dataset, metric, value }) => `#011${dataset}-${metric}:${formatValue(value)}`);
  return `[${round}]${texts.join("")}`;
}

/** As Python's `.5f` has it. */
function formatValue(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? value.toFixed(5) : value > 0 ? "inf" : "-inf";
}
