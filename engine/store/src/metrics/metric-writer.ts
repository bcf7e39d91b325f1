import type { Owner } from "../resources.ts";
import type { SqlConnection } from "../sql.ts";

/** One CloudWatch datum: a value, or an aggregate over many. */
export interface MetricDatum {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly timestamp: Date;
  /** CloudWatch's unit names: `None`, `Count`, `Microseconds`, `Percent` … */
  readonly unit: string;
  readonly statistics: {
    readonly sampleCount: number;
    readonly sum: number;
    readonly minimum: number;
    readonly maximum: number;
  };
  /** Distinct values with their counts, for percentiles; absent when only the aggregate is known. */
  readonly values?: readonly { readonly value: number; readonly count: number }[];
  /** Seconds: 1 for a high-resolution metric. Default 60. */
  readonly resolution?: 1 | 60;
}

export interface MetricWriter {
  /**
   * Adds the data to the rows of their series and minute (or second). Resolves when durable. With the connection of a transaction they come together with what else
   * is written there.
   */
  put(owner: Owner, namespace: string, data: readonly MetricDatum[], connection?: SqlConnection): Promise<void>;
}
