import { DataError } from "@rondo/learn";
import type { Entities } from "../model/trained-model.ts";
import type { TrainingConfig } from "./training-request.ts";

/** What the best value multiplies a score by, less 1. AWS gives no numbers, only that a higher sensitivity weighs the objective more. */
const STRENGTHS = { OFF: 0, LOW: 0.2, MEDIUM: 0.5, HIGH: 1 } as const;
const DEFAULT_SENSITIVITY = "MEDIUM";

export interface Objective {
  /** Of each item; NaN where it is missing. */
  readonly values: Float64Array;
  /** Of each item what its score is multiplied by: 1 for the lowest value and for items without, more for higher ones by their rank. */
  readonly multipliers: Float32Array;
}

/** `optimizationObjective`. Throws DataError where the attribute is no numeric column of the Items dataset. */
export function openObjective({ optimizationObjective }: TrainingConfig, items: Entities): Objective | undefined {
  const { itemAttribute, objectiveSensitivity = DEFAULT_SENSITIVITY } = optimizationObjective ?? {};
  if (itemAttribute === undefined) return undefined;
  const column = items.records.columns[itemAttribute.toUpperCase()] ?? items.records.columns[itemAttribute];
  if (column?.kind !== "number") {
    throw new DataError(`The objective ${itemAttribute} is no numeric column of the Items dataset.`);
  }
  const { values } = column;
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const multipliers = Float32Array.from(values, (value) => {
    const share = Number.isNaN(value) || sorted.length < 2 ? 0 : countBelow(sorted, value) / (sorted.length - 1);
    return 1 + STRENGTHS[objectiveSensitivity] * share;
  });
  return { values, multipliers };
}

function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
