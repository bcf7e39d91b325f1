import type { ApplicationContext } from "../application-context.ts";
import type { Solution } from "../personalize/solutions.ts";
import { readMetrics } from "../personalize/train-versions.ts";
import type { TrainingRun } from "./training-state.ts";

/** Keeps what is known of a trained version: its metrics, and its judgement where there is one. */
export async function noteVersion(
  context: ApplicationContext,
  { run_id, state }: TrainingRun,
  { solution, version }: { readonly solution: Solution; readonly version: string },
): Promise<void> {
  const judgement = state.judgements?.[solution];
  await context.database.query(
    `insert into recommendations.model_versions (solution_version_arn, solution, run_id, training_mode, trained_at, trained_through, metrics, judgement)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb)
     on conflict (solution_version_arn) do nothing`,
    [
      version,
      solution,
      run_id,
      state.trainingMode,
      context.clock.now(),
      new Date(state.through),
      JSON.stringify(await readMetrics(context, version)),
      judgement === undefined ? null : JSON.stringify(judgement),
    ],
  );
}
