import { createHash, randomUUID } from "node:crypto";
import { type SequentialComparison, sequentialComparison } from "@rondo/statistics";
import type { Database } from "../database/database.ts";
import { type BusinessFigures, readBusinessFigures } from "../monitoring/business-figures.ts";
import type { Reranking } from "../reranking/rerank.ts";

/** Users are divided in two: `control` sees the lists as they come, `treatment` re-ranked. */
export const VARIANTS = ["control", "treatment"] as const;

export type Variant = (typeof VARIANTS)[number];

export interface Experiment {
  readonly experiment_id: string;
  readonly name: string;
  readonly treatment: Reranking;
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

const COLUMNS = "experiment_id, name, treatment, started_at, ended_at";

/** The size of a difference in conversion that a shop cares about, fixed before any look: one point (see sequentialComparison). */
const EXPECTED_DIFFERENCE = 0.01;

/** Always the same half for a user, and in each experiment another division. */
export function variantOf({ experiment_id }: Pick<Experiment, "experiment_id">, userId: string): Variant {
  const digest = createHash("sha256").update(`${experiment_id} ${userId}`).digest();
  return (digest[0] ?? 0) % 2 === 0 ? "control" : "treatment";
}

export async function readRunningExperiment(database: Pick<Database, "query">): Promise<Experiment | undefined> {
  const [row] = await database.query<Experiment>(
    `select ${COLUMNS} from recommendations.experiments where ended_at is null`,
  );
  return row;
}

/** Begins an experiment; undefined when one runs already. */
export async function startExperiment(
  database: Database,
  { name, treatment, now }: { readonly name: string; readonly treatment: Reranking; readonly now: Date },
): Promise<Experiment | undefined> {
  const [row] = await database.query<Experiment>(
    `insert into recommendations.experiments (experiment_id, name, treatment, started_at) values ($1, $2, $3::jsonb, $4)
     on conflict ((true)) where ended_at is null do nothing returning ${COLUMNS}`,
    [randomUUID(), name, JSON.stringify(treatment), now],
  );
  return row;
}

/** Ends the experiment that runs; undefined when there is none. */
export async function endExperiment(database: Database, now: Date): Promise<Experiment | undefined> {
  const [row] = await database.query<Experiment>(
    `update recommendations.experiments set ended_at = $1 where ended_at is null returning ${COLUMNS}`,
    [now],
  );
  return row;
}

/** How the running experiment stands. */
export interface ExperimentReport extends Experiment {
  readonly variants: readonly BusinessFigures[];
  /** Conversion of the treatment minus that of the control; valid at every look. */
  readonly conversion: SequentialComparison;
}

export async function reportExperiment(database: Database, experiment: Experiment): Promise<ExperimentReport> {
  const variants = await readBusinessFigures(database, { since: experiment.started_at, byVariant: true });
  const [control, treatment] = VARIANTS.map(
    (name) => variants.find(({ variant }) => variant === name)?.conversion_rate ?? { successes: 0, trials: 0 },
  );
  const conversion = sequentialComparison(
    control ?? { successes: 0, trials: 0 },
    treatment ?? { successes: 0, trials: 0 },
    { mixtureDeviation: EXPECTED_DIFFERENCE },
  );
  return { ...experiment, variants, conversion };
}
