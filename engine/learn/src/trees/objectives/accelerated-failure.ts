import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import { acceleratedFailureLoss, type Derivatives } from "./accelerated-failure-loss.ts";
import type { FailureDistribution } from "./failure-distributions.ts";
import type { Objective } from "./objective.ts";

export interface AcceleratedFailureOptions {
  readonly distribution: FailureDistribution;
  /** Above 0. */
  readonly scale: number;
}

/** `survival:aft`: times known exactly or between bounds (`bounds` of the table); predictions are times. */
export function acceleratedFailure({ distribution, scale }: AcceleratedFailureOptions): Objective {
  const loss = acceleratedFailureLoss(distribution, scale);
  return {
    name: "survival:aft",
    outputs: 1,
    defaultMetric: "aft-nloglik",
    modelParameters: { aft_loss_distribution: distribution, aft_loss_distribution_scale: String(scale) },
    check(table) {
      const { lower, upper } = boundsOf(table);
      for (const [row, low] of lower.entries()) {
        if (!(low <= upper[row]) || !(upper[row] > 0)) {
          throw new DataError(
            `The bounds of row ${row + 1} are ${low} and ${upper[row]}; the upper one must be above 0 and not below the lower one.`,
          );
        }
      }
    },
    baseScores: () => [0.5],
    toMargin: Math.log,
    gradients(margins, table, { first, second }) {
      const { lower, upper } = boundsOf(table);
      const derivatives: Derivatives = { first: 0, second: 0 };
      for (let row = 0; row < margins.length; row += 1) {
        loss.derivatives({ lower: lower[row], upper: upper[row] }, margins[row], derivatives);
        const weight = table.weights === undefined ? 1 : table.weights[row];
        first[row] = weight * derivatives.first;
        second[row] = weight * derivatives.second;
      }
    },
    transform: (margins) => margins.map(Math.exp),
    transformForMetrics: (margins) => margins,
  };
}

function boundsOf({ bounds }: Table): NonNullable<Table["bounds"]> {
  if (bounds === undefined) throw new DataError("survival:aft needs the lower and upper bound of each row's time.");
  return bounds;
}
