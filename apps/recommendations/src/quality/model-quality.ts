import type { DatabaseConnection } from "../database/database.ts";
import type { Judgement } from "../training/judgement.ts";

/** A version of a solution: how good it is by Personalize's own split, and on our time-based one beside the version that was live. */
export interface VersionQuality {
  readonly solution_version_arn: string;
  readonly training_mode: string;
  readonly trained_at: Date;
  readonly trained_through: Date;
  /** GetSolutionMetrics: `precision_at_10`, `normalized_discounted_cumulative_gain_at_10` … */
  readonly metrics: Readonly<Record<string, number>>;
  readonly judgement: Judgement | null;
  readonly live_from: Date | null;
  readonly live_until: Date | null;
}

export interface SolutionQuality {
  readonly solution: string;
  /** Oldest first; at most the newest hundred. */
  readonly versions: readonly VersionQuality[];
}

export async function readModelQuality(database: DatabaseConnection): Promise<SolutionQuality[]> {
  const rows = await database.query<VersionQuality & { readonly solution: string }>(
    `select * from (
       select solution, solution_version_arn, training_mode, trained_at, trained_through, metrics, judgement, live_from, live_until,
         row_number() over (partition by solution order by trained_at desc) as place
       from recommendations.model_versions
     ) as versions where place <= 100 order by solution, trained_at`,
  );
  return [...Map.groupBy(rows, ({ solution }) => solution)].map(([solution, versions]) => ({ solution, versions }));
}
