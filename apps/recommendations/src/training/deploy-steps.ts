import type { ApplicationContext } from "../application-context.ts";
import { readFact, writeFact } from "../database/facts.ts";
import { deployVersion, ensureTracker, isDeployed } from "../personalize/campaigns.ts";
import { SOLUTIONS, type Solution, solutionName } from "../personalize/solutions.ts";
import type { StepResult, TrainingRun } from "./training-state.ts";

/** Puts the new versions behind their campaigns, which answer with the old ones until they are ready. */
export async function startDeploying(context: ApplicationContext, { state }: TrainingRun): Promise<StepResult> {
  const campaigns: Partial<Record<Solution, string>> = {};
  for (const [solution, solutionVersionArn] of newVersions(state)) {
    const name = solutionName(context.settings.recipes, solution);
    campaigns[solution] = await deployVersion(context, { name, solutionVersionArn });
  }
  return { state: { ...state, campaigns }, isOver: true };
}

/** Notes what is live once all campaigns answer with the new versions. */
export async function awaitDeployed(context: ApplicationContext, { state }: TrainingRun): Promise<StepResult> {
  const { campaigns = {} } = state;
  for (const [solution, solutionVersionArn] of newVersions(state)) {
    const campaignArn = campaigns[solution] ?? "";
    if (!(await isDeployed(context, { campaignArn, solutionVersionArn }))) return { state, isOver: false };
  }
  const { database, clock } = context;
  await database.transaction(async (transaction) => {
    const before = await readFact(transaction, "campaigns");
    const all = { ...before, ...campaigns };
    if (SOLUTIONS.every((solution) => all[solution] !== undefined)) {
      await writeFact(transaction, "campaigns", all as Record<Solution, string>);
    }
    for (const [solution, version] of newVersions(state)) {
      await transaction.query(
        "update recommendations.model_versions set live_until = $3 where solution = $1 and live_until is null and live_from is not null and solution_version_arn <> $2",
        [solution, version, clock.now()],
      );
      await transaction.query(
        "update recommendations.model_versions set live_from = coalesce(live_from, $2) where solution_version_arn = $1",
        [version, clock.now()],
      );
    }
  });
  return { state, isOver: true };
}

/** Remembers which twins stand for what is live, for the next comparison. */
export async function noteTwins(context: ApplicationContext, { state }: TrainingRun): Promise<StepResult> {
  const { versions = {} } = state.targets.judgement;
  const deployed = new Set(newVersions(state).map(([solution]) => solution));
  const twins = Object.fromEntries(Object.entries(versions).filter(([solution]) => deployed.has(solution as Solution)));
  const before = await readFact(context.database, "twins");
  await writeFact(context.database, "twins", { ...before, ...twins });
  return { state, isOver: true };
}

/** From now on purchases are sent at once. */
export async function track(context: ApplicationContext, { state }: TrainingRun): Promise<StepResult> {
  const groupArn = state.targets.production.group?.groupArn ?? "";
  const tracker = await ensureTracker(context, groupArn);
  if (tracker === undefined) return { state, isOver: false };
  await writeFact(context.database, "tracker", tracker);
  return { state, isOver: true };
}

function newVersions({ targets }: TrainingRun["state"]): [Solution, string][] {
  return Object.entries(targets.production.versions ?? {}) as [Solution, string][];
}
